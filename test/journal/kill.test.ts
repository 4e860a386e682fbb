import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { aJournal, numberOf, readAll, tempDir } from './support.ts'

/** Starts a process that appends without pause, kills it after so many acknowledgements; returns those. */
async function acknowledgedBeforeKill(dir: string, first: number, killAfter: number): Promise<number[]> {
  const child = spawn(
    process.execPath,
    [new URL('./append-process.ts', import.meta.url).pathname, dir, String(first)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const acknowledged: number[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(Number(line))
    if (acknowledged.length === killAfter) child.kill('SIGKILL')
  }
  return acknowledged
}

describe('a process killed in the middle of appending', () => {
  it('has on disk everything that it acknowledged, round after round', async () => {
    const dir = tempDir()
    const acknowledged: number[] = []
    for (const [round, killAfter] of [1, 40, 700, 3000, 5000].entries()) {
      acknowledged.push(...(await acknowledgedBeforeKill(dir, round * 1_000_000, killAfter)))
      const journal = await aJournal(dir)
      const found = new Set((await readAll(journal)).map(numberOf))
      expect(acknowledged.filter((n) => !found.has(n))).toEqual([])
      await journal.close()
    }
    expect(acknowledged.length).toBeGreaterThan(8000)
  })
})
