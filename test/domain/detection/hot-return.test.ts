import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../../server/domain/instant.ts'
import { time, Watched } from '../../support/detection-world.ts'

const T = time('05:00:00')

/** A station whose secondary return is at so many degrees every ten minutes for so long. */
function stays(world: Watched, celsius: number, from: number, forMs: number): void {
  for (let at = from; at <= from + forMs; at += 10 * MINUTE)
    world.say('d-hes', at, { secondary_return_c: celsius })
}

const upkeep = (world: Watched) => world.findings.filter((finding) => finding.kind === 'upkeep')

describe('a secondary return that stays too hot', () => {
  it('is upkeep after an hour, never an emergency or a fault', () => {
    const world = new Watched()
    stays(world, 61, T, 50 * MINUTE)
    expect(world.findings).toEqual([])
    stays(world, 61, T + HOUR, 0)
    expect(world.findings).toMatchObject([
      {
        kind: 'upkeep',
        phase: 'raised',
        id: `station.hot_return:d-hes:${T}`,
        assetId: 'hes',
        deviceId: 'd-hes',
        at: T + HOUR,
        eventAt: T,
        evidence: { statistic: 'secondary_return_c', value: 61, threshold: 60, unit: '°C', windowS: 3600 },
      },
    ])
    expect(upkeep(world)[0]?.evidence.sentence).toEqual({
      zh: '换热站 一号站 二次网回水 61 °C,自 01-15 05:00 起一直高于 60 °C(60 分钟),疑似调节阀卡在开位',
      en: 'station 一号站: the secondary return is at 61 °C and has been above 60 °C since 01-15 05:00 (60 min); the regulator is probably stuck open',
    })
  })

  it('is nothing at the limit itself, nor when it dips below between two readings', () => {
    const world = new Watched()
    stays(world, 60, T, 2 * HOUR)
    stays(world, 65, T + 3 * HOUR, 50 * MINUTE)
    world.say('d-hes', T + 3 * HOUR + 55 * MINUTE, { secondary_return_c: 59 })
    stays(world, 65, T + 4 * HOUR, 50 * MINUTE)
    expect(world.findings).toEqual([])
  })

  it('is nothing on a single reading, however long nothing follows', () => {
    const world = new Watched()
    world.say('d-hes', T, { secondary_return_c: 70 })
    world.tick(T + 6 * HOUR)
    expect(upkeep(world)).toEqual([])
  })

  it('is not concluded across a silence, and begins anew after it', () => {
    const world = new Watched()
    stays(world, 70, T, 40 * MINUTE)
    world.tick(T + 3 * HOUR)
    stays(world, 70, T + 3 * HOUR, 50 * MINUTE)
    expect(upkeep(world)).toEqual([])
    stays(world, 70, T + 4 * HOUR, 0)
    expect(upkeep(world)).toMatchObject([{ eventAt: T + 3 * HOUR }])
  })

  it('clears three kelvin below the limit, after half an hour, and is said anew when it comes back', () => {
    const world = new Watched()
    stays(world, 70, T, HOUR)
    stays(world, 58, T + 2 * HOUR, 2 * HOUR)
    expect(upkeep(world)).toHaveLength(1)
    stays(world, 57, T + 5 * HOUR, 30 * MINUTE)
    expect(upkeep(world)[1]).toMatchObject({
      phase: 'cleared',
      at: T + 5 * HOUR + 30 * MINUTE,
      evidence: { sentence: { en: 'station 一号站: the secondary return is back to normal at 57 °C' } },
    })
    stays(world, 70, T + 6 * HOUR, HOUR)
    expect(upkeep(world)[2]).toMatchObject({ phase: 'raised', eventAt: T + 6 * HOUR })
  })

  it('is not looked for at a well', () => {
    const world = new Watched()
    for (let at = T; at < T + 2 * HOUR; at += 10 * MINUTE) world.say('d-w1', at, { secondary_return_c: 80 })
    expect(world.findings).toEqual([])
  })
})
