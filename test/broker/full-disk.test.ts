import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  connectFrame,
  device,
  field,
  frame,
  openBroker,
  publishFrame,
  rawClient,
  type TestBroker,
} from './support.ts'

/** Everything that the session file could be asked to write or to drop. */
const TABLES = ['session', 'subscription', 'retained', 'will', 'incoming', 'outgoing']
const OPERATIONS = ['insert', 'update', 'delete']

let opened: TestBroker
let disk: DatabaseSync
beforeEach(async () => {
  opened = await openBroker()
  disk = new DatabaseSync(opened.path)
})
afterEach(async () => {
  disk.close()
  await opened.close()
})

function fill(tables = TABLES): void {
  for (const table of tables) {
    for (const what of OPERATIONS) {
      disk.exec(
        `create trigger ${what}_${table} before ${what} on ${table} begin select raise(abort, 'full'); end`,
      )
    }
  }
}
function clear(): void {
  const triggers = disk.prepare("select name from sqlite_master where type = 'trigger'").all()
  for (const { name } of triggers) disk.exec(`drop trigger ${String(name)}`)
}
const rows = (table: string) => Number(disk.prepare(`select count(*) as n from ${table}`).get()?.['n'])
const qos2 = (id: number, body: string, isAgain = false) =>
  frame(isAgain ? 0x3c : 0x34, field('dh/v1/d1/telemetry'), 0, id, Buffer.from(body))
const pubrel = (id: number) => frame(0x62, 0, id)
const said = () => opened.messages.map(({ body }) => body.toString())

describe('F5 while the session file can take nothing', () => {
  it('devices come, say what they have to say and go; nobody else notices', async () => {
    const { port, broker } = opened
    const kept = connectFrame({ flags: 0xec, will: ['dh/v1/d1/status', '{"state":"offline"}'] })
    const before = await rawClient(port)
    before.send(kept, frame(0x82, 0, 1, field('dh/v1/d1/cmd/#'), 1))
    await before.bytes(9)
    const good = await device(port, 'good')
    fill()
    // Its own session over the connection and the will that it had, then a clean one that would end it, then one that leaves another will behind.
    for (const [n, how] of [connectFrame({ flags: 0xc0 }), connectFrame(), kept].entries()) {
      const raw = await rawClient(port)
      raw.send(how, publishFrame('dh/v1/d1/telemetry', String(n), 1))
      await Promise.race([raw.bytes(8), raw.closed])
      raw.socket.destroy()
      await expect.poll(() => broker.stats().clients).toBe(1)
    }
    await good.publishAsync('dh/v1/good/telemetry', '{"chamber_c":21}', { qos: 1 })
    expect(said()).toContain('{"chamber_c":21}')
    // Who only comes back is let in; who would change what cannot be changed is not, and comes again.
    expect(said().filter((body) => body.length === 1)).toEqual(['0'])
    clear()
    const again = await device(port, 'd1', { clean: true })
    await again.endAsync()
    await expect.poll(() => broker.stats().clients).toBe(1)
    expect(['subscription', 'session', 'incoming'].map(rows)).toEqual([0, 0, 0])
    await good.endAsync()
  })

  it('a QoS 2 id that was released and could not be dropped keeps no later message out', async () => {
    const raw = await rawClient(opened.port)
    raw.send(connectFrame({ flags: 0xc0 }), qos2(9, 'first'))
    await raw.bytes(8)
    fill(['incoming'])
    raw.send(pubrel(9))
    await raw.bytes(12)
    raw.send(qos2(9, 'second'))
    await raw.closed
    expect(said()).toEqual(['first', 'second'])
    clear()
    await expect.poll(() => rows('incoming'), { timeout: 3000 }).toBe(0)
    raw.socket.destroy()
  })
})

describe('P1: after a power cut that took the release of a QoS 2 id along', () => {
  it('the id stands for the same message sent again, and for no other', async () => {
    const first = await rawClient(opened.port)
    first.send(connectFrame({ flags: 0xc0 }), qos2(9, 'first'))
    await first.bytes(8)
    await opened.broker.close()

    const second = await openBroker({ persistencePath: opened.path })
    const raw = await rawClient(second.port)
    raw.send(connectFrame({ flags: 0xc0 }), qos2(9, 'first', true))
    await raw.bytes(8)
    expect(second.messages).toEqual([])
    raw.send(qos2(9, 'later', true))
    await raw.bytes(12)
    expect(second.messages.map(({ body }) => body.toString())).toEqual(['later'])
    raw.socket.destroy()
    await second.close()
  })
})
