import { describe, expect, it } from 'vitest'
import { writeBadNight } from '../../simulators/bad-night.ts'
import { demoNetwork } from '../../simulators/demo-network.ts'
import { MINUTE } from '../../simulators/time.ts'

const SEED = 7
const READY = Date.parse('2026-01-15T03:00:00+08:00')
const story = writeBadNight(demoNetwork(SEED), SEED, READY - MINUTE)
const effects = story.live(READY)
const covers = effects.filter(({ kind }) => kind === 'cover')

describe('the bad night', () => {
  it('brings forty alarms in twenty minutes, more than ten of them in the first ten', () => {
    const lasting = effects.filter(({ until }) => until === undefined)
    // Beside the leak, which began before, and the switch that bounces.
    expect(lasting).toHaveLength(36)
    expect(effects.every(({ from }) => from >= READY && from < READY + 20 * MINUTE)).toBe(true)
    expect(covers.filter(({ from }) => from < READY + 10 * MINUTE).length).toBeGreaterThan(10)
    expect(effects.some(({ kind }) => kind === 'well-leak')).toBe(true)
    expect(story.leak.from).toBeLessThan(READY)
  })

  it('opens and closes one cover again and again', () => {
    const chattering = covers.filter(({ until }) => until !== undefined)
    expect(chattering).toHaveLength(3)
    expect(new Set(chattering.map((effect) => ('wellId' in effect ? effect.wellId : ''))).size).toBe(1)
  })

  it('has sixty callers of four kinds, in order', () => {
    const calls = story.calls(READY)
    expect(calls).toHaveLength(60)
    expect(calls.toSorted((a, b) => a.at - b.at)).toEqual(calls)
    expect(new Set(calls.map(({ call }) => call.kind)).size).toBe(4)
    expect(calls.every(({ at }) => at > READY && at < READY + 20 * MINUTE)).toBe(true)
    expect(new Set(calls.map(({ call }) => call.callerPhone)).size).toBeGreaterThan(50)
  })

  it('lets a wall go dark, spares the devices that people try, and is the same each time', () => {
    expect(story.walls(READY)).toEqual([{ name: '大厅东墙', darkAt: READY + 2 * MINUTE }])
    expect(JSON.stringify(effects)).not.toContain('spare')
    expect(writeBadNight(demoNetwork(SEED), SEED, READY - MINUTE).live(READY)).toEqual(effects)
  })
})
