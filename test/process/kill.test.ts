import { afterEach, describe, expect, it, vi } from 'vitest'
import type { TicketView } from '#contract/ticket.ts'
import { at } from '../support/desk-world.ts'
import { eventually, serverProcess, type ServerProcess } from '../support/server-process.ts'
import { storedTimes } from '../support/stored-times.ts'
import { openCover } from '../support/town.ts'
import { furnishedDir, msOf } from '../support/world.ts'

let server: ServerProcess
afterEach(() => server.remove())

const MANUAL = { WELLWATCH_CLOCK: 'manual' }
const moveTo = (text: string) => server.as('admin').put('/clock', { now: `2026-01-${text}+08:00` })
const tickets = () => server.as('dispatcher').tickets()

async function killedAndBack(): Promise<void> {
  await server.kill()
  await server.start()
}

async function oneTicketDue(): Promise<TicketView> {
  const [ticket, ...others] = await tickets()
  expect(others).toEqual([])
  expect(ticket).toMatchObject({ kind: 'cover', level: 'special', assetId: 'w1' })
  expect(msOf(ticket?.openedAt)).toBe(at('22:50:30'))
  expect(msOf(ticket?.dueAt)).toBe(at('2026-01-16T02:50:30'))
  expect(await server.as('dispatcher').incidents()).toHaveLength(1)
  return ticket as TicketView
}

// Starting a server takes seconds where many processes share the machine.
vi.setConfig({ testTimeout: 90_000 })

describe('F1 a server killed with kill -9', () => {
  it('right after the acknowledgement, while the cover is held, and after the ticket: one ticket, one due time', async () => {
    server = await serverProcess(await furnishedDir(), { env: MANUAL })
    await server.start()
    await server.publish('dev-w1', openCover(at('22:50:00'), 1))
    await killedAndBack()
    await moveTo('15T22:50:15')
    expect(await tickets()).toEqual([])
    await killedAndBack()
    await moveTo('15T22:50:30')
    const ticket = await oneTicketDue()
    await killedAndBack()
    await server.publish('dev-w1', openCover(at('22:50:00'), 1))
    await moveTo('15T22:55:00')
    expect(await oneTicketDue()).toMatchObject({ id: ticket.id, number: ticket.number })
  })

  it('in the middle of a night of deadlines: every warning and breach is written once', async () => {
    server = await serverProcess(await furnishedDir(), { env: MANUAL })
    await server.start()
    await server.publish('dev-w1', openCover(at('22:50:00'), 1))
    await moveTo('15T22:50:30')
    for (const delayMs of [1, 6, 20]) {
      const moving = moveTo('16T09:00:00').catch(() => 'cut off')
      await new Promise((resolve) => setTimeout(resolve, delayMs))
      await server.kill()
      await moving
      await server.start()
    }
    await moveTo('16T09:00:00')
    const { events, clocks } = await oneTicketDue()
    const steps = events
      .filter(({ type }) => type === 'warned' || type === 'breached')
      .map(({ type, data, occurredAt }) => `${type} ${String(data['clock'])} ${occurredAt}`)
    expect(steps).toEqual([...new Set(steps)])
    const ofRepair = steps.filter((step) => step.includes(' repair_cover '))
    expect(ofRepair.map((step) => step.split(' ')[0])).toEqual(['warned', 'warned', 'breached'])
    expect(events.filter(({ type }) => type === 'deemed_accepted')).toHaveLength(1)
    expect(clocks.find(({ key }) => key === 'repair_cover')).toMatchObject({ state: 'breached' })
  })

  it('in a flood keeps every acknowledged sample', async () => {
    server = await serverProcess(await furnishedDir())
    const began = Date.now()
    const acknowledged = new Map<string, Set<number>>()
    const wells = ['w1', 'w2', 'w3', 'b1', 'n1', 'sw1']
    let ts = began - 3_600_000
    for (let round = 0; round < 2; round += 1) {
      await server.start()
      const flooding = wells.map(async (well) => {
        const id = `dev-${well}`
        const kept = acknowledged.get(id) ?? new Set<number>()
        acknowledged.set(id, kept)
        const client = await server.device(id)
        client.on('error', () => undefined)
        const publish = async (): Promise<void> => {
          while (client.connected) {
            const mine = (ts += 1)
            const body = JSON.stringify({ ts: mine, values: { battery_v: 3.6, pressure_mpa: 0.6 } })
            const done = await client.publishAsync(`dh/v1/${id}/telemetry`, body, { qos: 1 }).then(
              () => true,
              () => false,
            )
            if (!done) return
            kept.add(mine)
          }
        }
        await Promise.all(Array.from({ length: 20 }, publish))
      })
      await new Promise((resolve) => setTimeout(resolve, 1200))
      await server.kill()
      await Promise.all(flooding)
    }
    await server.start()
    const counts = [...acknowledged.values()].map((kept) => kept.size)
    expect(Math.min(...counts)).toBeGreaterThan(100)
    console.info(`${String(counts.reduce((a, b) => a + b))} samples acknowledged in two rounds`)
    for (const [id, kept] of acknowledged) {
      await eventually(
        () => storedTimes(server, id, began - 3_600_000),
        (stored) => [...kept].every((one) => stored.has(one)),
      ).catch(async () => {
        const stored = await storedTimes(server, id, began - 3_600_000)
        throw new Error(`${id} lost ${String([...kept].filter((one) => !stored.has(one)).length)} samples`)
      })
    }
  })
})
