import { describe, expect, it } from 'vitest'
import { plainAlias } from '../../../server/domain/translation/alias.ts'
import { readTranslation } from '../../../server/domain/translation/read-translation.ts'
import { ourValues, settleValues } from '../../../server/domain/translation/signal-words.ts'
import { isTopicFilter, topicMatches } from '../../../server/domain/translation/topic-filter.ts'
import { inOurUnit } from '../../../server/domain/translation/units.ts'

describe('names and units of other makers', () => {
  it.each([
    [{ pressure_kpa: 650 }, { pressure_mpa: 0.65 }],
    [{ pressureBar: 6.5 }, { pressure_mpa: 0.65 }],
    [{ '压力(kPa)': '650' }, { pressure_mpa: 0.65 }],
    [{ temperature_f: 212 }, { temperature_c: 100 }],
    [
      { primary_supply_kpa: 820, primarySupplyF: 248 },
      { primary_supply_mpa: 0.82, primary_supply_c: 120 },
    ],
    [
      { water_level_mm: 350, battery_mv: 3550 },
      { water_level_m: 0.35, battery_v: 3.55 },
    ],
    [{ lid: { angle: 3, Open: 'true' } }, { lid_angle: 3, cover_open: true }],
  ])('%j', (said, ours) => {
    expect(ourValues(said)).toEqual(ours)
  })

  it('leave a pressure without a unit, which may be anything, under its own name', () => {
    expect(ourValues({ pressure: 650, 一次供压: 8.2 })).toEqual({ pressure: 650, 一次供压: 8.2 })
  })

  it('are settled by what the device is said to bring', () => {
    expect(settleValues({ temperature: 31, tilt: 1 }, ['chamber_c', 'cover_open'])).toEqual({
      chamber_c: 31,
      tilt: 1,
    })
    expect(settleValues({ temperature_c: 31 }, ['chamber_c'])).toEqual({ chamber_c: 31 })
    const open = { temperature: 31 }
    expect(settleValues(open, ['chamber_c', 'temperature_c'])).toBe(open)
    expect(settleValues(open, ['pressure_mpa'])).toBe(open)
  })

  it('know no unit that they were not taught', () => {
    expect(inOurUnit(1, 'furlong')).toBeUndefined()
    expect(inOurUnit(1, 'constructor')).toBeUndefined()
    expect(inOurUnit(3610, '10^-3')).toBe(3.61)
  })
})

describe('an alias', () => {
  it.each([
    ['dev_eui:01-01-01-01-01-01-01-FF', 'dev_eui:01010101010101ff'],
    ['IMEI: 860374051096202 ', 'imei:860374051096202'],
    ['name:Lid 7', 'name:lid 7'],
  ])('%s', (raw, plain) => expect(plainAlias(raw)).toBe(plain))

  it.each(['', 'lid 7', 'mac:aa', 'name:', 'imei: ', `name:${'x'.repeat(200)}`, 'name:a\u0000b'])(
    'is not %j',
    (raw) => expect(plainAlias(raw)).toBeUndefined(),
  )
})

describe('a topic filter', () => {
  it.each([
    ['application/+/device/+/event/up', 'application/1/device/0101/event/up', true],
    ['application/+/device/+/event/up', 'application/1/device/0101/event/join', false],
    ['a/#', 'a', true],
    ['a/#', 'a/b/c', true],
    ['+', 'a/b', false],
    ['#', '$SYS/x', false],
    ['a', 'a/', false],
  ])('%s takes %s: %s', (filter, topic, takes) => expect(topicMatches(filter, topic)).toBe(takes))

  it('is written as MQTT has it', () => {
    expect(['a/+/b', '#', 'a/#', '/a'].filter((filter) => !isTopicFilter(filter))).toEqual([])
    expect(['', 'a/#/b', 'a+', 'a/b#'].filter(isTopicFilter)).toEqual([])
  })
})

describe('what an expression gives', () => {
  it('is taken value by value: a wrong one takes no other with it, and is named', () => {
    const given = {
      alias: 'name:x',
      values: { tilt: 'bent', cover: true, note: 'hello', pressure_mpa: Number.NaN },
    }
    expect(readTranslation(given)).toEqual({
      kind: 'understood',
      messages: [{ alias: 'name:x', values: { cover_open: true } }],
      leftOut: [
        { path: 'cover_tilt_deg', why: 'wrong_type' },
        { path: 'note', why: 'wrong_type' },
        { path: 'pressure_mpa', why: 'not_finite' },
      ],
    })
  })

  it.each([
    [7, /has to give/],
    [{ values: { tilt: 1 } }, /alias has to be/],
    [{ alias: 'name:x', ts: 'yesterday', values: { tilt: 1 } }, /ts has to be/],
    [{ alias: 'name:x', event: 'fire' }, /event has to be one of/],
    [{ alias: 'name:x', values: [1] }, /values has to be/],
    [{ alias: 'name:x' }, /no value that can be used/],
    [undefined, /gives nothing/],
  ])('is refused in a sentence where it is %j', (given, en) =>
    expect(readTranslation(given)).toMatchObject({
      kind: 'not-understood',
      said: { en: expect.stringMatching(en) as string },
    }),
  )
})
