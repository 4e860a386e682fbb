import { afterEach, expect, it } from 'vitest'
import type { TicketView } from '#contract/ticket.ts'
import { runAudit } from '../../server/cli/audit.ts'
import { aCall, type Taken } from '../support/calls.ts'
import { serverProcess, type ServerProcess } from '../support/server-process.ts'
import { furnishedDir } from '../support/world.ts'

let server: ServerProcess
afterEach(() => server.remove())

const COMMANDS = 120

/** A person’s phone: sends again under the same key until somebody answers. */
async function sendOnce(id: string, index: number): Promise<number> {
  const dispatcher = server.as('dispatcher')
  for (;;) {
    try {
      const { version } = await dispatcher.ticket(id)
      const body = { command: 'note', version, text: `第 ${String(index)} 条` }
      const key = { 'idempotency-key': `note-${String(index)}` }
      const { status } = await dispatcher.ask('POST', `/tickets/${id}/commands`, body, key)
      // Taken before the kill on another version: the key is known with another body.
      if (status === 200 || status === 409) {
        const shown = await dispatcher.ticket(id)
        if (status === 200 || told(shown).includes(body.text)) return status
      }
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

function told({ events }: TicketView): string[] {
  return events.filter(({ type }) => type === 'note').map(({ data }) => String(data['text']))
}

it(
  'F2 killed in the middle of commands, a server has done each of them once, and none by half',
  { timeout: 120_000 },
  async () => {
    server = await serverProcess(await furnishedDir(), { env: { WELLWATCH_CLOCK: 'manual' } })
    await server.start()
    const { ticket } = await server.as('operator').post<Taken>('/calls', aCall({ assetId: 'w2' }))
    await Promise.all(['dispatcher', 'operator'].map((name) => server.as(name).cookie()))
    let next = 0
    const phones = Array.from({ length: 4 }, async () => {
      for (let index = (next += 1); index <= COMMANDS; index = next += 1) await sendOnce(ticket.id, index)
    })
    for (const delayMs of [40, 120]) {
      await new Promise((resolve) => setTimeout(resolve, delayMs))
      await server.kill()
      await server.start()
    }
    await Promise.all(phones)
    await server.kill()
    await server.start()
    const after = await server.as('dispatcher').ticket(ticket.id)
    const notes = told(after)
    expect([...notes].sort()).toEqual(
      Array.from({ length: COMMANDS }, (_, index) => `第 ${String(index + 1)} 条`).sort(),
    )
    expect(after.events).toHaveLength(after.version)
    expect(after.dueAt).toBe(ticket.dueAt)
    expect(after.clocks).toEqual(ticket.clocks)
    expect(await runAudit({ dataDir: server.dir, list: false }, () => undefined)).toBe(true)
  },
)
