import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, type Instant } from '../../../../server/domain/instant.ts'
import { buildNetwork } from '../../../../server/domain/network/build.ts'
import { time, Watched } from '../../../support/detection-world.ts'
import { aLoopedTown } from '../../../support/looped-town.ts'

/** Pressures while there is no model yet: each sensor is judged against its own past. */
const NETWORK = buildNetwork(aLoopedTown(), 1)
const START = time('00:00:00', '2026-01-10')
const SENSORS = [...NETWORK.devices.values()].filter(({ assetId }) => assetId !== 'source')
const HERE = SENSORS.slice(0, 2).map(({ id }) => id)

/** Every sensor a quarter hour: 600 kPa, what all share, and what `own` adds [kPa]. */
function tell(
  world: Watched,
  [from, to]: readonly [number, number],
  own: (id: string, at: Instant) => number,
) {
  for (let at = START + from * HOUR; at < START + to * HOUR; at += 15 * MINUTE) {
    const shared = 5 * Math.sin((2 * Math.PI * at) / DAY)
    for (const [number, { id, signals }] of SENSORS.entries()) {
      const noise = 0.4 * Math.sin(number + at / (7 * MINUTE))
      const mpa = (600 + shared + noise + own(id, at)) / 1000
      world.say(id, at + MINUTE, Object.fromEntries(signals.map((signal) => [signal, mpa])))
    }
    world.say('d-source', at + 2 * MINUTE, { primary_supply_mpa: (900 + shared) / 1000 })
  }
}

const dip = (kPa: number) => (id: string) => (HERE.includes(id) ? -kPa : 0)
const calm = (): number => 0
/** Behind a valve that is nearly shut pressure falls with the load, every morning and evening. */
const starved = (id: string, at: Instant): number =>
  HERE.includes(id) ? -30 * Math.max(0, Math.sin((4 * Math.PI * at) / DAY)) : 0

describe('pressures without a model', () => {
  it('that fall at two sensors and stay low after a calm day are a suspected leak', () => {
    const world = new Watched({ network: NETWORK })
    tell(world, [0, 25], calm)
    tell(world, [25, 27], dip(20))
    expect(world.emergencies).toMatchObject([{ rule: 'leak.pressure' }])
  })

  it('say nothing in the first day, whose course nobody knows yet', () => {
    const world = new Watched({ network: NETWORK })
    tell(world, [0, 12], calm)
    tell(world, [12, 14], dip(20))
    expect(world.emergencies).toEqual([])
  })

  it('that fall every morning and evening are no leak, and one beyond that is', () => {
    const world = new Watched({ network: NETWORK })
    tell(world, [0, 60], starved)
    expect(world.emergencies).toEqual([])
    tell(world, [60, 63], (id, at) => starved(id, at) + dip(250)(id))
    expect(world.emergencies).toMatchObject([{ rule: 'leak.pressure' }])
  })
})
