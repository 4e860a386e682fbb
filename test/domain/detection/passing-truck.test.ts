import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../../server/domain/instant.ts'
import { quiet, time, Watched } from '../../support/detection-world.ts'

const T = time('08:00:00')

/** Excursions of a cover that has lain still, and quiet readings afterwards. */
function rocked(
  count: number,
  lastsMs: number,
  values: Record<string, number> = { cover_tilt_deg: 22 },
): Watched {
  const world = new Watched()
  const still = (at: number) => ({ cover_tilt_deg: 2 + ((at / MINUTE) % 3) * 0.1, shock_g: 0.1 })
  quiet(world, 'd-w1', { from: T - 2 * HOUR, to: T, everyMs: MINUTE }, still)
  for (let n = 0; n < count; n += 1) {
    const at = T + n * 30 * SECOND
    world.say('d-w1', at, values)
    world.say('d-w1', at + lastsMs, { cover_tilt_deg: 2, shock_g: 0.1 })
  }
  quiet(world, 'd-w1', { from: T + 5 * MINUTE, to: T + HOUR, everyMs: MINUTE }, still)
  world.tick(T + HOUR + 30 * MINUTE)
  return world
}

describe('trucks that pass over a cover', () => {
  it('raise nothing at all: three in 75 seconds, 22° for 0.9 s each', () => {
    expect(rocked(3, 900).findings).toEqual([])
  })

  it('nor do a hundred of them, or ones that shake the lid', () => {
    expect(rocked(100, 1900).findings.filter(({ kind }) => kind === 'emergency')).toEqual([])
    expect(rocked(3, 900, { cover_tilt_deg: 22, shock_g: 3.5 }).findings).toEqual([])
  })

  it.each([
    [1999, []],
    [2000, ['spike']],
    [20_000, ['spike']],
  ])('an excursion of %d ms, three times: %o', (lastsMs, faults) => {
    const { findings } = rocked(3, lastsMs)
    expect(findings.map((one) => (one.kind === 'device' ? one.fault : one.kind))).toEqual(faults)
  })
})
