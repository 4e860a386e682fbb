import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { anOutboxWorld } from '../support/outbox-world.ts'
import { aReceiver } from './receiver.ts'

const SCRIPT = new URL('outbox-process.ts', import.meta.url).pathname

describe('F2 kill -9 while a message is on its way', () => {
  it('forgets nothing: it is sent again after the restart, with the same webhook-id', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'outbox-kill-'))
    // Takes the message and never says so: what the process cannot know when it dies.
    const erp = await aReceiver((_received, nth) => ({ silent: nth <= 2 }))
    const start = (...more: string[]) =>
      spawn(process.execPath, [SCRIPT, dir, `${erp.url}/hook`, ...more], { stdio: 'inherit' })

    for (const [round, more] of [['e1.hook.erp'], [], []].entries()) {
      const child = start(...more)
      await expect.poll(() => erp.got.length, { timeout: 15_000 }).toBe(round + 1)
      // The third answer is a yes; it may take a moment until it is written down.
      if (round === 2) await expect.poll(() => stateOf(dir), { timeout: 15_000 }).toBe('sent')
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    expect(erp.got.map(({ headers }) => headers['webhook-id'])).toEqual(Array(3).fill('e1.hook.erp'))

    const last = start()
    await new Promise((resolve) => setTimeout(resolve, 1500))
    last.kill('SIGKILL')
    await once(last, 'exit')
    expect(erp.got).toHaveLength(3)
    await erp.close()
    rmSync(dir, { recursive: true, force: true })
  }, 60_000)
})

async function stateOf(dir: string): Promise<string | undefined> {
  const world = await anOutboxWorld({ channels: [], start: 0, dir })
  const { items } = await world.notifying.outbox.list({ limit: 1 })
  await world.close()
  return items[0]?.state
}
