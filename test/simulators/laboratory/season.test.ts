import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { LabEvent, Scenario } from '../../../simulators/laboratory/scenario.ts'
import type { Message } from '../../../simulators/laboratory/season.ts'
import { createSeason } from '../../../simulators/laboratory/season.ts'
import { HOUR } from '../../../simulators/time.ts'

const FROM = '2025-11-03T00:00:00+08:00'

function scenario(events: readonly LabEvent[], more: Partial<Scenario> = {}): Scenario {
  return { id: 't', topology: { wells: 60, seed: 3 }, from: FROM, days: 1, seed: 7, events, ...more }
}

async function messagesOf(order: Scenario): Promise<Message[]> {
  const season = await createSeason(order)
  const messages: Message[] = []
  season.run((message) => void messages.push(message))
  return messages
}

/** A device's values of a signal, by hours since the season began. */
function course(messages: readonly Message[], device: string, signal: string): [number, number][] {
  return messages
    .filter(({ deviceId }) => deviceId === device)
    .flatMap(({ samples }) => samples)
    .flatMap(({ ts, values }) =>
      signal in values ? [[(ts - Date.parse(FROM)) / HOUR, Number(values[signal])] as [number, number]] : [],
    )
    .sort(([a], [b]) => a - b)
}

function mean(points: readonly (readonly [number, number])[], from: number, to: number): number {
  const within = points.filter(([at]) => at >= from && at < to)
  return within.reduce((sum, [, value]) => sum + value, 0) / within.length
}

const quiet = await messagesOf(scenario([]))
const devices = [...new Set(quiet.map(({ deviceId }) => deviceId))]
const find = (prefix: string) => devices.find((id) => id.startsWith(prefix)) ?? ''
const [pressure, chamber, cover] = [find('pressure-w'), find('chamber-w'), find('cover-w')]
const wellOf = (device: string) => device.replace(/^[a-z]+-/, '')

describe('a season', () => {
  it('is the same for the same seed and another for another', async () => {
    const print = (messages: readonly Message[]) =>
      createHash('sha256').update(JSON.stringify(messages)).digest('hex')
    expect(print(await messagesOf(scenario([])))).toBe(print(quiet))
    expect(print(await messagesOf(scenario([], { seed: 8 })))).not.toBe(print(quiet))
  })

  it('comes in order of arrival, nothing before it was measured', () => {
    const times = quiet.map(({ receivedAt }) => receivedAt)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    for (const { receivedAt, samples } of quiet) {
      for (const { ts } of samples) expect(ts).toBeLessThanOrEqual(receivedAt)
    }
  })

  it('has late batches and samples that come twice', async () => {
    const messages = await messagesOf(scenario([], { days: 4 }))
    expect(messages.some(({ samples }) => samples.length > 3)).toBe(true)
    const keys = messages.flatMap(({ deviceId, samples }) =>
      samples.map(({ ts }) => `${deviceId} ${String(ts)}`),
    )
    expect(new Set(keys).size).toBeLessThan(keys.length)
  })
})

describe('what goes wrong in it', () => {
  it('a leak: make-up replaces it, and the pressure falls from that minute on', async () => {
    const at = wellOf(pressure)
    const leak: LabEvent = { kind: 'leak', at, side: 'supply', th: 60, startH: 12.1, hours: 6 }
    const messages = await messagesOf(scenario([leak]))
    const makeup = course(messages, 'rtu-source', 'makeup_flow_t_h')
    const before = course(quiet, 'rtu-source', 'makeup_flow_t_h')
    expect(mean(makeup, 12.2, 18) - mean(before, 12.2, 18)).toBeCloseTo(60, -0.5)
    expect(mean(makeup, 6, 12)).toBeCloseTo(mean(before, 6, 12), 3)
    const sensors = devices.filter((id) => id.startsWith('pressure-w'))
    const drop = (from: number, to: number) =>
      Math.max(
        ...sensors.map((id) => {
          const [now, usual] = [messages, quiet].map((of) => mean(course(of, id, 'pressure_mpa'), from, to))
          return (usual ?? 0) - (now ?? 0)
        }),
      )
    expect(drop(6, 12)).toBeCloseTo(0, 3)
    expect(drop(12.3, 18)).toBeGreaterThan(0.001)
  })

  it('a slow leak grows in a straight line', async () => {
    const at = wellOf(pressure)
    const slow: LabEvent = {
      kind: 'leak',
      at,
      side: 'return',
      th: 20,
      fromTh: 0,
      growH: 20,
      startH: 2,
      hours: 22,
    }
    const makeup = course(await messagesOf(scenario([slow])), 'rtu-source', 'makeup_flow_t_h')
    const before = course(quiet, 'rtu-source', 'makeup_flow_t_h')
    const added = (from: number, to: number) => mean(makeup, from, to) - mean(before, from, to)
    expect(Math.abs(added(6, 8) - 5)).toBeLessThan(1)
    expect(Math.abs(added(16, 18) - 15)).toBeLessThan(1)
  })

  it('a leak into a chamber warms it within minutes, and its device tells so each minute', async () => {
    const leak: LabEvent = { kind: 'well-leak', at: wellOf(chamber), th: 1, startH: 10, hours: 3 }
    const air = course(await messagesOf(scenario([leak])), chamber, 'chamber_c')
    expect(mean(air, 10.2, 11) - mean(course(quiet, chamber, 'chamber_c'), 9, 11)).toBeGreaterThan(8)
    expect(air.filter(([at]) => at > 10 && at < 11).length).toBeGreaterThan(40)
  })

  it('a cover: an event at once, or samples; a vehicle is back within a second', async () => {
    const at = wellOf(cover)
    const moved = { kind: 'cover', at, state: 'open', tiltDeg: 80, hours: 2 } as const
    const messages = await messagesOf(
      scenario([
        { ...moved, says: 'event', startH: 5 },
        { ...moved, says: 'samples', startH: 10 },
        { kind: 'truck', at, tiltDeg: 30, startH: 15, hours: 0.02 },
      ]),
    )
    const own = messages.filter(({ deviceId }) => deviceId === cover)
    expect(own.flatMap(({ event = [] }) => event)).toEqual(['cover_open', 'cover_closed'])
    const tilts = course(messages, cover, 'cover_tilt_deg')
    expect(mean(tilts, 10, 10.1)).toBeGreaterThan(78)
    expect(tilts.filter(([hour]) => hour >= 15 && hour < 15.1).length % 2).toBe(0)
  })

  it('a fault: the sensor shows what the fault makes of it, the neighbours the truth', async () => {
    const fault: LabEvent = {
      kind: 'fault',
      device: pressure,
      signal: 'pressure_mpa',
      fault: 'offset',
      size: 0.03,
      startH: 8,
      hours: 8,
    }
    const messages = await messagesOf(scenario([fault]))
    const off = (from: number, to: number) =>
      mean(course(messages, pressure, 'pressure_mpa'), from, to) -
      mean(course(quiet, pressure, 'pressure_mpa'), from, to)
    expect(off(2, 8)).toBeCloseTo(0, 5)
    expect(off(8.3, 16)).toBeCloseTo(0.03, 3)
    expect(course(messages, 'rtu-source', 'primary_supply_mpa')).toEqual(
      course(quiet, 'rtu-source', 'primary_supply_mpa'),
    )
  })

  it('an outage: nothing for its time, then everything late', async () => {
    const messages = await messagesOf(scenario([{ kind: 'outage', share: 1, startH: 6, hours: 4 }]))
    const own = messages.filter(({ deviceId }) => deviceId === chamber)
    const hour = ({ receivedAt }: Message) => (receivedAt - Date.parse(FROM)) / HOUR
    expect(own.filter((message) => hour(message) > 6.1 && hour(message) < 10)).toEqual([])
    expect(course(messages, chamber, 'chamber_c').filter(([at]) => at > 6 && at < 10).length).toBeGreaterThan(
      12,
    )
  })

  it('a network that is not as its file says: other pressures at the same weather', async () => {
    const other = await messagesOf(scenario([], { mismatch: { share: 0.2 } }))
    const off =
      mean(course(other, pressure, 'pressure_mpa'), 0, 24) -
      mean(course(quiet, pressure, 'pressure_mpa'), 0, 24)
    expect(Math.abs(off)).toBeGreaterThan(0.0005)
  })
})
