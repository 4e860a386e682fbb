import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../../../server/domain/instant.ts'
import { nextDue } from '../../../../server/domain/detection/tick.ts'
import { time, Watched } from '../../../support/detection-world.ts'

const T = time('22:50:00')
const CLOSED = { cover_tilt_deg: 2, cover_open: false }

describe('a cover by telemetry', () => {
  it.each([
    [{ cover_open: true }, 'cover.open', 30],
    [{ cover_tilt_deg: 62.1 }, 'cover.open', 30],
    [{ cover_tilt_deg: -75 }, 'cover.open', 30],
    [{ cover_tilt_deg: 12.1 }, 'cover.displaced', 120],
    [{ cover_tilt_deg: -8.1 }, 'cover.displaced', 120],
    [{ cover_tilt_deg: 60 }, 'cover.displaced', 120],
  ])('%o is confirmed as %s by the clock after %i s without a further sample', (values, rule, holdS) => {
    const world = new Watched()
    world.say('d-w1', T, values)
    expect(nextDue(world.state)).toBe(T + holdS * SECOND)
    world.tick(T + holdS * SECOND - 1)
    expect(world.emergencies).toHaveLength(0)
    world.tick(T + 10 * MINUTE)
    expect(world.emergencies[0]).toMatchObject({
      rule,
      at: T + holdS * SECOND,
      eventAt: T,
      assetId: 'w1',
      ticketKind: 'cover',
      logOdds: 5,
    })
  })

  it.each([[{ cover_tilt_deg: 12 }], [{ cover_tilt_deg: -8 }], [{ cover_open: false }]])(
    '%o is nothing',
    (values) => {
      const world = new Watched()
      world.say('d-w1', T, values)
      world.tick(T + 30 * MINUTE)
      expect(world.emergencies).toHaveLength(0)
    },
  )

  it('is confirmed by its samples own times when they come in one message', () => {
    const world = new Watched()
    const samples = [0, 15, 31].map(
      (s) => [T + s * SECOND, { cover_tilt_deg: 75, cover_open: true }] as const,
    )
    world.send('d-w1', samples, T + 31 * SECOND)
    expect(world.emergencies).toHaveLength(1)
    expect(world.emergencies[0]).toMatchObject({ at: T + 31 * SECOND, eventAt: T })
  })

  it('a passing vehicle is nothing: 20° for under two seconds', () => {
    const world = new Watched()
    for (const [ms, tilt] of [
      [0, 2],
      [500, 20],
      [1900, 18],
      [2400, 2],
    ] as const) {
      world.say('d-w1', T + ms, { cover_tilt_deg: tilt })
    }
    world.tick(T + HOUR)
    expect(world.emergencies).toHaveLength(0)
  })

  it('a bouncing contact is nothing', () => {
    const world = new Watched()
    for (let s = 0; s < 200; s += 5) world.say('d-w1', T + s * SECOND, { cover_open: s % 10 === 0 })
    world.tick(T + HOUR)
    expect(world.emergencies).toHaveLength(0)
  })

  it('grows from displaced to open in one finding', () => {
    const world = new Watched()
    world.say('d-w1', T, { cover_tilt_deg: 20 })
    world.tick(T + 2 * MINUTE)
    world.say('d-w1', T + 5 * MINUTE, { cover_tilt_deg: 80 })
    world.tick(T + 6 * MINUTE)
    const [displaced, open] = world.emergencies
    expect(open).toMatchObject({
      id: displaced?.id,
      phase: 'updated',
      rule: 'cover.open',
      at: T + 5 * MINUTE + 30 * SECOND,
    })
    expect(world.emergencies).toHaveLength(2)
  })

  it('clears only below the limit less its margin, and held', () => {
    const world = new Watched()
    world.say('d-w1', T, { cover_tilt_deg: 30, cover_open: false })
    world.tick(T + 3 * MINUTE)
    world.say('d-w1', T + 4 * MINUTE, { cover_tilt_deg: 11, cover_open: false })
    world.tick(T + HOUR)
    expect(world.emergencies).toHaveLength(1)
    world.say('d-w1', T + HOUR, { cover_tilt_deg: 8.9, cover_open: false })
    world.tick(T + HOUR + 59 * SECOND)
    expect(world.emergencies).toHaveLength(1)
    world.tick(T + HOUR + 60 * SECOND)
    expect(world.emergencies[1]).toMatchObject({
      phase: 'cleared',
      at: T + HOUR + MINUTE,
      id: world.emergencies[0]?.id,
    })
  })

  it('says the same in Chinese and English with its figures', () => {
    const world = new Watched()
    world.say('d-w1', T, { cover_tilt_deg: 75.5 })
    world.tick(T + MINUTE)
    expect(world.emergencies[0]?.evidence.sentence).toEqual({
      zh: '热力井 w1 井 井盖倾角 75.5°,偏离安装角 73.5°,井盖打开或缺失,自 01-15 22:50 起',
      en: 'well w1 井: cover tilt 75.5°, 73.5° off its installed angle: open or missing, since 01-15 22:50',
    })
    expect(world.emergencies[0]?.evidence.rejected).not.toHaveLength(0)
  })
})

describe('a late cover', () => {
  it('measured at 03:00 and arriving at 09:00 opens at 09:00:00 (Ex 11)', () => {
    const world = new Watched()
    world.say('d-w1', time('03:00:00'), { cover_tilt_deg: 75 }, time('09:00:00'))
    expect(world.emergencies[0]).toMatchObject({ at: time('09:00:00'), eventAt: time('03:00:00') })
    expect(world.emergencies[0]?.evidence.sentence.zh).toContain('6 小时后才得知')
  })

  it.each([
    [24 * HOUR, 1, 0],
    [24 * HOUR + 1, 0, 1],
  ])('F11 %i ms late opens %i emergencies and %i maintenance findings', (late, emergencies, faults) => {
    const world = new Watched()
    world.say('d-w1', T, { cover_open: true }, T + late)
    world.tick(T + late + HOUR)
    expect(world.emergencies).toHaveLength(emergencies)
    expect(world.faults.filter((f) => f.evidence.rule === 'cover.late')).toHaveLength(faults)
  })

  it('opens when a late batch reaches into the present', () => {
    const world = new Watched()
    world.send(
      'd-w1',
      [
        [T, { cover_open: true }],
        [T + 2 * DAY, { cover_open: true }],
      ],
      T + 2 * DAY,
    )
    expect(world.emergencies).toHaveLength(1)
  })
})

describe('an alarm of the device itself', () => {
  it.each(['cover_open', 'cover_tilt', 'cover_tamper'] as const)('%s confirms at once', (event) => {
    const world = new Watched()
    world.alarm('d-w1', event, T, T + SECOND)
    expect(world.emergencies[0]).toMatchObject({
      rule: 'cover.event',
      at: T + SECOND,
      eventAt: T,
      logOdds: 5,
    })
  })

  it('is taken once when it is delivered three times', () => {
    const world = new Watched()
    for (let n = 0; n < 3; n += 1) world.alarm('d-w1', 'cover_open', T, T + n * SECOND)
    expect(world.emergencies).toHaveLength(1)
  })

  it('older than 24 h opens nothing', () => {
    const world = new Watched()
    world.alarm('d-w1', 'cover_open', T, T + DAY + 1)
    expect(world.emergencies).toHaveLength(0)
    expect(world.faults).toHaveLength(1)
  })

  it('is closed by cover_closed at once', () => {
    const world = new Watched()
    world.alarm('d-w1', 'cover_open', T, T)
    world.alarm('d-w1', 'cover_closed', T + HOUR, T + HOUR)
    expect(world.emergencies[1]).toMatchObject({ phase: 'cleared', at: T + HOUR })
  })

  it('is closed by quiet telemetry too', () => {
    const world = new Watched()
    world.alarm('d-w1', 'cover_open', T, T)
    world.say('d-w1', T + HOUR, CLOSED)
    world.tick(T + HOUR + MINUTE)
    expect(world.emergencies[1]).toMatchObject({ phase: 'cleared' })
  })
})

describe('suspected damage', () => {
  it('is a shock above 4 g and then a lean of 3 to 10°', () => {
    const world = new Watched()
    world.say('d-w1', T, { shock_g: 4.1, cover_tilt_deg: 6 })
    world.tick(T + 2 * MINUTE)
    expect(world.emergencies[0]).toMatchObject({ rule: 'cover.damage', logOdds: 1 })
  })

  it.each([
    [4, 6],
    [4.1, 4.9],
  ])('is not a shock of %f g with a tilt of %f°', (shock, tilt) => {
    const world = new Watched()
    world.say('d-w1', T, { shock_g: shock, cover_tilt_deg: tilt })
    world.tick(T + 10 * MINUTE)
    expect(world.emergencies).toHaveLength(0)
  })

  it('is a shock and then silence', () => {
    const world = new Watched()
    world.say('d-w1', T, { shock_g: 9 })
    world.tick(T + 2 * HOUR)
    expect(world.emergencies[0]).toMatchObject({ rule: 'cover.damage', at: T + HOUR + 2 * MINUTE })
  })
})

describe('a crew at the well', () => {
  const checkIn = { from: T - HOUR, to: T + HOUR }
  const checkInAt = (assetId: string, at: number): string | undefined =>
    assetId === 'w1' && at >= checkIn.from && at < checkIn.to ? 'check-in' : undefined

  it('explains its cover while it is checked in, and no longer (Ex 10)', () => {
    const world = new Watched({ checkInAt })
    world.say('d-w1', T, { cover_open: true })
    world.tick(checkIn.to - 1)
    expect(world.emergencies).toHaveLength(0)
    world.tick(checkIn.to + MINUTE)
    expect(world.emergencies).toHaveLength(1)
    expect(world.emergencies[0]?.at).toBeGreaterThanOrEqual(checkIn.to)
  })

  it('does not explain the next cover', () => {
    const world = new Watched({ checkInAt })
    world.say('d-w2', T, { cover_open: true })
    world.tick(T + MINUTE)
    expect(world.emergencies).toHaveLength(1)
  })

  it('planned works only annotate', () => {
    const world = new Watched({ worksAt: () => '更换阀门' })
    world.say('d-w1', T, { cover_open: true })
    world.tick(T + MINUTE)
    expect(world.emergencies[0]?.evidence.sentence.zh).toContain('已登记计划检修:更换阀门')
  })
})
