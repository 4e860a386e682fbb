import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CommandName } from '#contract/commands/commands.ts'
import type { TicketState } from '#contract/vocabulary.ts'
import { runAudit } from '../../server/cli/audit.ts'
import { aCall, type Taken } from '../support/calls.ts'
import { serverProcess, type ServerProcess } from '../support/server-process.ts'
import { furnishedDir } from '../support/world.ts'

let server: ServerProcess
let ticketId: string
let failpoint: string

beforeAll(async () => {
  const dir = await furnishedDir()
  failpoint = join(dir, 'failpoint')
  server = await serverProcess(dir, {
    script: ['--import', './test/support/failpoint.ts', 'server/main.ts'],
    env: { WELLWATCH_CLOCK: 'manual', FAILPOINT: failpoint },
  })
  await server.start()
  ticketId = (await server.as('operator').post<Taken>('/calls', aCall({ assetId: 'w1' }))).ticket.id
}, 90_000)
afterAll(() => server.remove())

interface Told {
  readonly items: readonly { readonly ticketId: string }[]
}
const messages = async (): Promise<number> =>
  (await server.as('admin').get<Told>('/notifications?limit=200')).items.filter(
    (one) => one.ticketId === ticketId,
  ).length

describe('F2 a server that dies around the commit of a step', () => {
  it.each<['before' | 'after', string, CommandName, object, TicketState]>([
    ['before', 'officer-network-ops', 'accept', {}, 'accepted'],
    ['after', 'officer-network-ops', 'assign', { crewIds: ['crew-network-ops'] }, 'assigned'],
    ['before', 'crew-network-ops', 'depart', {}, 'en_route'],
  ])(
    '%s it: %s’s %s is whole or not there, and once when it is sent again',
    async (...row) => {
      const [where, who, command, fields, state] = row
      const person = server.as(who)
      const before = await person.ticket(ticketId)
      const sent = await messages()
      const body = { command, version: before.version, ...fields }
      const send = () =>
        person.ask('POST', `/tickets/${ticketId}/commands`, body, {
          'idempotency-key': `${where} ${command}`,
        })
      writeFileSync(failpoint, where)
      await expect(send()).rejects.toThrow('fetch failed')
      await server.kill()
      rmSync(failpoint)
      await server.start()
      const between = await person.ticket(ticketId)
      if (where === 'before') expect(between).toEqual(before)
      else expect(between.state).toBe(state)
      expect(between.events).toHaveLength(between.version)
      if (where === 'before') expect(await messages()).toBe(sent)

      expect((await send()).status).toBe(200)
      const after = await person.ticket(ticketId)
      expect(after.state).toBe(state)
      expect(after.events.filter(({ type }) => type === command)).toHaveLength(1)
      if (where === 'after') expect(after).toEqual(between)
      expect(await runAudit({ dataDir: server.dir, list: false }, () => undefined)).toBe(true)
    },
    90_000,
  )
})
