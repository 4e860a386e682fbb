import { describe, expect, it } from 'vitest'
import { detectionAccount } from '../../../server/domain/detection/account.ts'
import { DEFAULT_SETTINGS, SETTINGS } from '../../../server/domain/detection/catalogue.ts'
import { commonPart, type SavedDevice } from '../../../server/domain/detection/parts.ts'
import { deviceFinding } from '../../../server/domain/detection/core/make-finding.ts'
import { siteOf } from '../../../server/domain/detection/core/context.ts'
import type { DeviceRule } from '../../../server/domain/detection/rules/rule.ts'
import { DEVICE_RULES } from '../../../server/domain/detection/rules/rules.ts'
import { evaluateRule, observeStep, stepsOf } from '../../../server/domain/detection/rules/severity-steps.ts'
import { deviceState } from '../../../server/domain/detection/core/state.ts'
import { MINUTE, SECOND } from '../../../server/domain/instant.ts'
import { restore } from '../../../server/flows/detection/checkpoint.ts'
import { time, Watched } from '../../support/detection-world.ts'

const T = time('05:00:00')

describe('the list of device rules', () => {
  it('names each rule and each setting once', () => {
    const names = DEVICE_RULES.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    const keys = DEVICE_RULES.flatMap(({ settings }) => Object.keys(settings))
    expect(new Set(keys).size).toBe(keys.length)
    expect(Object.keys(SETTINGS)).toEqual(expect.arrayContaining(keys))
  })

  it('gives every setting a title in both languages and a default within its range', () => {
    for (const [key, { title, default: value, min, max }] of Object.entries(SETTINGS)) {
      expect(title.zh, key).toMatch(/\p{Script=Han}/u)
      expect(title.en, key).toMatch(/^[A-Z][^\p{Script=Han}]+$/u)
      expect(value, key).toBeGreaterThanOrEqual(min)
      expect(value, key).toBeLessThanOrEqual(max)
    }
  })

  it('is told by the account of the detector, every fixed setting with what is in force', () => {
    const world = new Watched({ settings: { ...DEFAULT_SETTINGS, hotReturnC: 55 } })
    const { settings } = detectionAccount(world)
    expect(settings.map(({ key }) => key)).toEqual(Object.keys(SETTINGS))
    expect(settings.length).toBeGreaterThanOrEqual(70)
    expect(settings.find(({ key }) => key === 'hotReturnC')).toEqual({
      key: 'hotReturnC',
      rule: 'hotReturn',
      title: { zh: '二次网回水温度过高', en: 'Secondary return too hot: temperature' },
      unit: '°C',
      value: 55,
      default: 60,
      min: 30,
      max: 90,
    })
    expect(settings.find(({ key }) => key === 'stuckValues')).not.toHaveProperty('rule')
  })
})

describe('a rule that says a device fault', () => {
  const rule: DeviceRule = {
    name: 'wet',
    at: ['well'],
    settings: {},
    steps: 1,
    frozen: [],
    observe: (site, values, when) =>
      observeStep(stepsOf(site, rule).steps, 0, values['water_level_m'] === 0 ? 'ok' : 'bad', when),
    decide: () => ({ holds: [MINUTE], clearMs: MINUTE }),
    describe: ({ device, asset }, { at, eventAt }) =>
      deviceFinding(device.id, asset.id, {
        fault: 'range',
        signal: 'water_level_m',
        at,
        eventAt,
        grounds: { rule: 'wet', sentence: { zh: '湿', en: 'wet' }, statistic: 'm', value: 1, threshold: 0 },
      }),
    describeCleared: (_, raised) => ({ ...raised.evidence, sentence: { zh: '干', en: 'dry' } }),
  }

  it('puts it among the faults of the device and takes it back', () => {
    const world = new Watched()
    const { state, context } = world
    const run = { state, context, findings: world.findings }
    const device = deviceState(state, 'd-w1')
    const site = siteOf(run, device)
    if (site === undefined) throw new Error('no such device')
    rule.observe(site, { water_level_m: 1 }, { at: T, receivedAt: T })
    evaluateRule(site, rule, T + MINUTE - 1)
    expect(world.faults).toEqual([])
    evaluateRule(site, rule, T + MINUTE)
    evaluateRule(site, rule, T + 2 * MINUTE)
    expect(Object.keys(device.faults)).toEqual(['range:water_level_m'])
    rule.observe(site, { water_level_m: 0 }, { at: T + 3 * MINUTE, receivedAt: T + 3 * MINUTE })
    evaluateRule(site, rule, T + 4 * MINUTE)
    expect(device.faults).toEqual({})
    expect(world.faults).toMatchObject([
      { phase: 'raised', fault: 'range', at: T + MINUTE },
      { phase: 'cleared', at: T + 4 * MINUTE, evidence: { sentence: { en: 'dry' } } },
    ])
  })
})

describe('a checkpoint of the version before', () => {
  /** As it was written when each rule had a field of its own. */
  function olderForm(world: Watched): Parameters<typeof restore>[0] {
    const devices = Object.values(world.state.devices).map(({ rules, ...device }): SavedDevice => ({
      ...device,
      ...rules,
    }))
    return {
      cursor: 0,
      aliveAt: T,
      ticks: [],
      parts: [
        { name: 'common', body: JSON.stringify({ ...commonPart(world.state), version: 2 }) },
        ...devices.map((device) => ({ name: `device:${device.id}`, body: JSON.stringify(device) })),
      ],
    }
  }

  it('keeps an open alarm and a held condition, and goes on with both', () => {
    const world = new Watched()
    world.say('d-w1', T, { cover_open: true })
    world.tick(T + 30 * SECOND)
    world.say('d-hes', T + 31 * SECOND, { secondary_supply_mpa: 0.1 })
    world.say('d-w2', T + 32 * SECOND, { water_level_m: 1.9 })
    const saved = olderForm(world)
    expect(saved?.parts[0]?.body).toContain('"version":2')
    const next = new Watched()
    next.state = restore(saved)
    expect(next.state).toEqual({ ...world.state, zones: next.state.zones })
    next.tick(T + 31 * SECOND + 5 * MINUTE)
    expect(next.emergencies).toMatchObject([{ rule: 'station.pressure' }])
    next.say('d-w1', T + 10 * MINUTE, { cover_open: false })
    next.tick(T + 11 * MINUTE)
    expect(next.emergencies[1]).toMatchObject({ phase: 'cleared', id: world.emergencies[0]?.id })
  })

  it('is told by the shape of each device: one that has not changed since stays in the older form', () => {
    const world = new Watched()
    world.say('d-w1', T, { cover_open: true })
    const saved = olderForm(world)
    const common = { name: 'common', body: JSON.stringify(commonPart(world.state)) }
    const parts = [common, ...(saved?.parts.slice(1) ?? [])]
    const state = restore({ cursor: 0, aliveAt: T, ticks: [], parts })
    expect(state.version).toBe(3)
    expect(state.devices['d-w1']?.rules).toEqual(world.state.devices['d-w1']?.rules)
  })
})
