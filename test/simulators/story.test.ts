import { describe, expect, it } from 'vitest'
import type { Channel } from '#contract/topics.ts'
import { DEFAULT_SETTINGS } from '../../server/domain/detection/catalogue.ts'
import type { Finding } from '../../server/domain/detection/core/finding.ts'
import { createDetectorState } from '../../server/domain/detection/core/state.ts'
import { step } from '../../server/domain/detection/step.ts'
import { nextDue, tick } from '../../server/domain/detection/tick.ts'
import { buildNetwork } from '../../server/domain/network/build.ts'
import { decodeMessage } from '../../server/domain/telemetry/decode.ts'
import { demoNetwork } from '../../simulators/demo-network.ts'
import { batches, historyOf, isSpare } from '../../simulators/history.ts'
import { nextReport } from '../../simulators/report-schedule.ts'
import { CONFIRMING_EVALUATION_AFTER, historyStart, writeStory } from '../../simulators/demo-story.ts'
import { MINUTE, SECOND } from '../../simulators/time.ts'
import { eventReportsOf } from '../../simulators/event-reports.ts'
import { createWorld } from '../../simulators/world.ts'

const SEED = 7
const LISTEN = 5 * MINUTE
/** Seconds that the history takes on its way. */
const SEEDED_AFTER = 6 * SECOND

/** What the detector says of the demo's history and its first minutes; findings are told by their rule. */
async function watchDemo(
  startAt: number,
  quiet: boolean,
): Promise<{ readyAt: number; findings: readonly Finding[] }> {
  const file = demoNetwork(SEED)
  const world = await createWorld(file, SEED, { seasonal: false })
  const story = quiet ? undefined : writeStory(file, SEED, startAt)
  if (story !== undefined) world.add(story.leak)
  const state = createDetectorState()
  const context = { network: buildNetwork(file, 1), settings: DEFAULT_SETTINGS }
  const findings: Finding[] = []
  const say = (deviceId: string, channel: Channel, message: { body: unknown; at: number }) => {
    const decoded = decodeMessage(channel, Buffer.from(JSON.stringify(message.body)), message.at)
    findings.push(...step(state, { deviceId, receivedAt: message.at, decoded }, context))
  }

  const everyone = [...world.devices.values()]
  const sourceLast = everyone.toSorted(
    (a, b) => Number(a.asset.kind === 'source') - Number(b.asset.kind === 'source'),
  )
  const job = { world, seed: SEED, from: historyStart(startAt), to: startAt }
  for (const [i, one] of sourceLast.entries()) {
    const at = startAt + (SEEDED_AFTER * i) / sourceLast.length
    for (const body of batches(historyOf(job, one))) say(one.device.id, 'telemetry', { body, at })
  }

  const readyAt = startAt + SEEDED_AFTER
  const effects = story?.live(readyAt) ?? []
  world.add(...effects)
  const reports = effects.flatMap((effect) => [...eventReportsOf(world, effect)])
  for (const { device } of everyone.filter(({ device }) => !isSpare(device.id))) {
    let at = nextReport(SEED, device, readyAt)
    for (; at < readyAt + LISTEN; at = nextReport(SEED, device, at)) reports.push({ deviceId: device.id, at })
  }
  for (const { deviceId, at, event } of reports
    .filter((r) => r.at < readyAt + LISTEN)
    .sort((a, b) => a.at - b.at)) {
    for (let due = nextDue(state); due !== undefined && due < at; due = nextDue(state)) {
      findings.push(...tick(state, due, context))
    }
    const sample = { ts: Math.round(at), values: world.values(deviceId, at) }
    say(deviceId, 'telemetry', { body: sample, at })
    if (event !== undefined) say(deviceId, 'event', { body: { ...sample, event }, at })
  }
  return { readyAt, findings }
}

const STARTS = ['2026-01-15T22:50:00+08:00', '2026-07-20T14:05:20+08:00']

describe('the demo’s story, as the detector hears it', () => {
  it.each(STARTS)('started at %s: a cover, a venting well and a leak, each in its time', async (start) => {
    const startAt = Date.parse(start)
    const { readyAt, findings } = await watchDemo(startAt, false)
    const first = (rule: string) => {
      const found = findings.find((finding) => finding.kind === 'emergency' && finding.rule === rule)
      if (found === undefined) throw new Error(`nothing says ${rule}`)
      return found.at
    }
    expect(first('cover.event') - readyAt).toBeLessThan(45 * SECOND)
    expect(first('well.steam') - readyAt).toBeLessThan(2 * MINUTE)
    for (const rule of ['leak.makeup', 'leak.pressure']) {
      expect(first(rule) - startAt, rule).toBeGreaterThan(CONFIRMING_EVALUATION_AFTER - SECOND)
      expect(first(rule) - startAt, rule).toBeLessThan(3 * MINUTE)
    }
    const kinds = findings.map((finding) =>
      finding.kind === 'emergency' ? finding.ticketKind : finding.evidence.rule,
    )
    expect(new Set(kinds)).toEqual(new Set(['cover', 'well_vent', 'primary_leak']))
  })

  it.each(STARTS)('started quiet at %s: nothing at all', async (start) => {
    const { findings } = await watchDemo(Date.parse(start), true)
    expect(findings).toEqual([])
  })
})
