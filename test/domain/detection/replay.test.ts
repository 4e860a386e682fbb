import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../server/domain/detection/core/finding.ts'
import { MINUTE, SECOND, type Instant } from '../../../server/domain/instant.ts'
import { time, Watched } from '../../support/detection-world.ts'

const T = time('08:00:00')

interface Said {
  readonly device: string
  readonly at: Instant
  readonly samples: readonly (readonly [Instant, Record<string, number | boolean>])[]
  readonly tick: boolean
}

const values = fc.record(
  {
    cover_tilt_deg: fc.constantFrom(2, 9, 13, 40, 80, -90),
    cover_open: fc.boolean(),
    shock_g: fc.constantFrom(0.1, 8),
    chamber_c: fc.constantFrom(20, 40, 41, 49, 60, 88, -39.9),
    humidity_pct: fc.constantFrom(60, 99, 100),
    water_level_m: fc.constantFrom(0, 0.05, 0.4, 1.9),
    pressure_mpa: fc.constantFrom(0.6, 0.601, 6, 0),
    battery_v: fc.constantFrom(3.6, 3.1),
  },
  { requiredKeys: [] },
)

/** Messages in the order of arrival; a sample is up to ten minutes older than its message. */
const story: fc.Arbitrary<Said[]> = fc
  .array(
    fc.record({
      device: fc.constantFrom('d-w1', 'd-w2', 'd-w3'),
      afterS: fc.integer({ min: 0, max: 1500 }),
      samples: fc.array(fc.tuple(fc.integer({ min: 0, max: 600 }), values), { minLength: 1, maxLength: 5 }),
      tick: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((said) => {
    let at = T
    return said.map(({ device, afterS, samples, tick }) => {
      at += afterS * SECOND
      // One value for each instant: what a redelivery with another value means is another test.
      const unique = new Map(samples.map(([agoS, sample]) => [at - agoS * SECOND, sample]))
      return { device, at, samples: [...unique], tick }
    })
  })

function tell(world: Watched, said: readonly Said[]): void {
  for (const { device, at, samples, tick } of said) {
    world.send(device, samples, at)
    if (tick) world.tick(at)
  }
}

const summary = (findings: readonly Finding[]) =>
  findings.map(({ id, phase, at, evidence }) => [id, phase, at, evidence])

describe('F11 a replay', () => {
  it('from a state that went through JSON at any point says the same', () => {
    fc.assert(
      fc.property(story, fc.nat(), (said, where) => {
        const cut = where % (said.length + 1)
        const whole = new Watched()
        tell(whole, said)
        whole.tick(T + 1000 * MINUTE)
        const parted = new Watched()
        tell(parted, said.slice(0, cut))
        parted.state = JSON.parse(JSON.stringify(parted.state))
        tell(parted, said.slice(cut))
        parted.tick(T + 1000 * MINUTE)
        expect(summary(parted.findings)).toEqual(summary(whole.findings))
        expect(JSON.stringify(parted.state)).toBe(JSON.stringify(whole.state))
      }),
      { numRuns: 150 },
    )
  })

  it('with rows shuffled within their message and messages delivered twice says the same', () => {
    fc.assert(
      fc.property(story, fc.infiniteStream(fc.nat({ max: 1000 })), (said, chance) => {
        const plain = new Watched()
        tell(plain, said)
        const messy = new Watched()
        const drawn = chance[Symbol.iterator]()
        const draw = (): number => drawn.next().value as number
        for (const one of said) {
          const samples = one.samples
            .map((sample) => [draw(), sample] as const)
            .sort(([a], [b]) => a - b)
            .map(([, sample]) => sample)
          tell(messy, [{ ...one, samples }])
          if (draw() % 2 === 0) tell(messy, [{ ...one, samples }])
        }
        expect(summary(messy.findings)).toEqual(summary(plain.findings))
      }),
      { numRuns: 150 },
    )
  })

  it('ticked more or less often says the same with the same instants', () => {
    fc.assert(
      fc.property(story, (said) => {
        const seldom = new Watched()
        const often = new Watched()
        for (const one of said) {
          seldom.send(one.device, one.samples, one.at)
          for (let at = Math.max(often.state.now, T); at < one.at; at += 7 * SECOND) often.tick(at)
          often.send(one.device, one.samples, one.at)
        }
        for (const world of [seldom, often]) world.tick(T + 1000 * MINUTE)
        expect(summary(often.findings)).toEqual(summary(seldom.findings))
      }),
      { numRuns: 60 },
    )
  })

  it('reordered by ten minutes raises the same emergencies', () => {
    const open = [0, 20, 40, 60].map(
      (s) => [T + s * SECOND, { cover_open: true, cover_tilt_deg: 80 }] as const,
    )
    for (const order of [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 0, 3, 1],
    ]) {
      const world = new Watched()
      for (const [n, index] of order.entries()) {
        const sample = open[index]
        if (sample !== undefined) world.send('d-w1', [sample], T + 10 * MINUTE + n * SECOND)
      }
      world.tick(T + 20 * MINUTE)
      expect(world.emergencies.filter((finding) => finding.phase === 'raised')).toHaveLength(1)
    }
  })
})
