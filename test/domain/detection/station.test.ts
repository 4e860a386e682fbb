import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../../server/domain/instant.ts'
import { quiet, time, Watched } from '../../support/detection-world.ts'

const T = time('05:00:00')
const NORMAL = {
  secondary_supply_mpa: 0.45,
  secondary_return_mpa: 0.3,
  secondary_supply_c: 55,
  primary_supply_c: 110,
  makeup_flow_t_h: 0.4,
}

function aStation(): Watched {
  const world = new Watched()
  quiet(world, 'd-hes', { from: T - DAY, to: T, everyMs: 5 * MINUTE }, () => NORMAL)
  return world
}

describe('the secondary side of a station', () => {
  it.each([
    [{ secondary_supply_mpa: 0.38 }, 'station.pressure'],
    [{ secondary_supply_mpa: 0.39 }, undefined],
    [{ secondary_return_mpa: 0.23 }, 'station.pressure'],
    [{ secondary_return_mpa: 0.25 }, undefined],
    [{ makeup_flow_t_h: 1.5 }, 'station.makeup'],
    [{ makeup_flow_t_h: 1.4 }, undefined],
    [{ secondary_supply_c: 44.9 }, 'station.temperature'],
    [{ secondary_supply_c: 45 }, undefined],
    [{ secondary_supply_c: 40, primary_supply_c: 70 }, undefined],
  ])('%o is %s after its hold', (values, rule) => {
    const world = aStation()
    world.say('d-hes', T, { ...NORMAL, ...values })
    world.tick(T + 5 * MINUTE - 1)
    expect(world.emergencies).toHaveLength(0)
    world.tick(T + 5 * MINUTE)
    expect(world.emergencies[0]?.rule).toBe(rule)
    if (rule !== undefined) {
      expect(world.emergencies[0]).toMatchObject({
        ticketKind: 'hes_secondary',
        logOdds: 3,
        assetId: 'hes',
        at: T + 5 * MINUTE,
      })
    }
  })

  it('a dip that is over before its hold is nothing', () => {
    const world = aStation()
    world.say('d-hes', T, { ...NORMAL, secondary_supply_mpa: 0.2 })
    world.say('d-hes', T + 4 * MINUTE, NORMAL)
    world.tick(T + 20 * MINUTE)
    expect(world.emergencies).toHaveLength(0)
  })

  it('clears after a quarter of an hour of normal readings', () => {
    const world = aStation()
    world.say('d-hes', T, { ...NORMAL, secondary_supply_mpa: 0.2 })
    world.tick(T + 10 * MINUTE)
    world.say('d-hes', T + HOUR, NORMAL)
    world.tick(T + HOUR + 15 * MINUTE)
    expect(world.emergencies[1]).toMatchObject({ phase: 'cleared', at: T + HOUR + 15 * MINUTE })
  })

  it('without a baseline is judged by absolute limits and says so', () => {
    const world = new Watched()
    world.say('d-hes', T, { secondary_supply_mpa: 0.19 })
    world.tick(T + 5 * MINUTE)
    expect(world.emergencies[0]?.evidence.sentence.zh).toBe(
      '换热站 一号站 二次网供水压力降至 0.19 MPa,尚无基线,按绝对限值判断,自 01-15 05:00 起',
    )
  })

  it('says its figures in both languages', () => {
    const world = aStation()
    world.say('d-hes', T, { ...NORMAL, secondary_supply_mpa: 0.2 })
    world.tick(T + 5 * MINUTE)
    expect(world.emergencies[0]?.evidence.sentence.en).toBe(
      'station 一号站: secondary supply pressure fell to 0.2 MPa, normally 0.45 MPa, since 01-15 05:00',
    )
  })
})
