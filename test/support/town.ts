import type { NetworkFile } from '#contract/network.ts'
import { MINUTE } from '../../server/domain/instant.ts'
import { anArea, aDevice, aFile, aPipe, aSource, aStation, aWell, place } from './networks.ts'

const LID = [
  'cover_tilt_deg',
  'cover_open',
  'shock_g',
  'chamber_c',
  'humidity_pct',
  'water_level_m',
  'battery_v',
]

/** A lid's device sends once a day and sleeps. */
const lid = (id: string) => aDevice(id, { signals: LID, intervalS: 86_400, power: 'battery' })

/**
 * A small town, for stories. A trunk `w1` `w2` `w3` to station `s1`; a branch `b1` to station `s2`; a new
 * trunk `n1` in warranty until 2026-02-01 to station `s3`; the secondary well `sw1` behind `s1`. Each well
 * has the device `dev-<well>`. West of the border is 运营部一区, east of it, with `s1` and `sw1`, 二区.
 */
export function aTown(nameOfW1 = '热力井w1'): NetworkFile {
  const well = (id: string, east: number, north: number, more: Parameters<typeof aWell>[2] = {}) =>
    aWell(id, place(east, north), { address: `${id} 路口`, depthM: 2, devices: [lid(`dev-${id}`)], ...more })
  const source = aSource('src', place(0, 0))
  const [w1, w2, w3] = [well('w1', 500, 0, { name: nameOfW1 }), well('w2', 1000, 0), well('w3', 1500, 0)]
  const [b1, n1] = [well('b1', 1000, 400), well('n1', 1500, 400)]
  const sw1 = well('sw1', 2000, -200, { network: 'secondary' })
  const [s1, s2, s3] = [
    aStation('s1', place(2000, 0)),
    aStation('s2', place(1000, 800)),
    aStation('s3', place(1500, 800)),
  ]
  const warranty = { warrantyUntil: '2026-02-01T00:00:00+08:00' }
  return aFile(
    ...[source, w1, w2, w3, b1, n1, sw1, s1, s2, s3],
    aPipe('p1', source, w1),
    aPipe('p2', w1, w2),
    aPipe('p3', w2, w3),
    aPipe('p4', w3, s1),
    aPipe('p5', w2, b1, { class: 'branch' }),
    aPipe('p6', b1, s2, { class: 'branch' }),
    aPipe('p7', w3, n1, warranty),
    aPipe('p8', n1, s3, warranty),
    aPipe('p9', s1, sw1, { network: 'secondary', class: 'branch' }),
    anArea('area-1', place(-2000, -2000), place(1750, 3000), { name: '一区' }),
    anArea('area-2', place(1750, -2000), place(5000, 3000), { name: '二区' }),
  )
}

/** Samples of an open and tilted cover from an instant on, a few seconds apart. */
export function openCover(from: number, samples = 2, everyS = 20): object[] {
  return Array.from({ length: samples }, (_, i) => ({
    ts: from + i * everyS * 1000,
    values: { cover_tilt_deg: 75, cover_open: true },
  }))
}

export const closedCover = (ts: number): object => ({ ts, values: { cover_tilt_deg: 1, cover_open: false } })

interface Stage {
  now(): number
  publish(deviceId: string, body: unknown): Promise<unknown>
  advance(span: { readonly minutes: number }): Promise<unknown>
}

/** Warm and damp in w2, but no steam: it is suspected and waits in the dispatcher's gate. */
export async function suspectAtW2(world: Stage): Promise<void> {
  const quiet = Array.from({ length: 96 }, (_, i) => ({
    ts: world.now() - (96 - i) * 15 * MINUTE,
    values: { chamber_c: 38 + (i % 3) * 0.2, humidity_pct: 70, water_level_m: 0 },
  }))
  await world.publish('dev-w2', quiet)
  await world.publish('dev-w2', {
    ts: world.now(),
    values: { chamber_c: 49, humidity_pct: 80, water_level_m: 0 },
  })
  await world.advance({ minutes: 2 })
}
