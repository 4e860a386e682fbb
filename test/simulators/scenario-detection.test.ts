import { describe, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import type { Channel } from '#contract/topics.ts'
import { DEFAULT_SETTINGS } from '../../server/domain/detection/catalogue.ts'
import type { Finding } from '../../server/domain/detection/core/finding.ts'
import { createDetectorState } from '../../server/domain/detection/core/state.ts'
import { step } from '../../server/domain/detection/step.ts'
import { nextDue, tick } from '../../server/domain/detection/tick.ts'
import { buildNetwork } from '../../server/domain/network/build.ts'
import { decodeMessage } from '../../server/domain/telemetry/decode.ts'
import { DEMO_SEED, demoNetwork } from '../../simulators/demo-network.ts'
import { HISTORY, batches, historyOf } from '../../simulators/history.ts'
import { runLive } from '../../simulators/live.ts'
import { placeOf } from '../../simulators/run-scenario.ts'
import { scenarioByName } from '../../simulators/scenarios/catalogue.ts'
import { HOUR, SECOND } from '../../simulators/time.ts'
import { eventReportsOf } from '../../simulators/event-reports.ts'
import { createWorld } from '../../simulators/world.ts'

const FROM = Date.parse('2026-01-15T22:50:00+08:00')
const TURNS = 400

/** What the detector says of a scenario after the place's quiet history, and for two hours of silence. */
async function findingsOf(name: string, at: string, silentFor = 0): Promise<readonly Finding[]> {
  const file = demoNetwork()
  const world = await createWorld(file, DEMO_SEED, { seasonal: false })
  const scenario = scenarioByName(name)
  const place = placeOf(world, at)
  if (scenario === undefined || isRefusal(place)) throw new Error(name)
  const plan = scenario.plan({ world, ...place, seed: 5, from: FROM })
  if (isRefusal(plan)) throw new Error(plan.detail)

  const state = createDetectorState()
  const context = { network: buildNetwork(file, 1), settings: DEFAULT_SETTINGS }
  const findings: Finding[] = []
  const until = (now: number) => {
    for (let due = nextDue(state); due !== undefined && due < now; due = nextDue(state)) {
      findings.push(...tick(state, due, context))
    }
  }
  const hear = (deviceId: string, channel: Channel, body: unknown) => {
    const decoded = decodeMessage(channel, Buffer.from(JSON.stringify(body)), now)
    findings.push(...step(state, { deviceId, receivedAt: now, decoded }, context))
  }

  let now = FROM
  const own = [...world.devices.values()].filter(({ device }) => plan.deviceIds.includes(device.id))
  const sourceLast = own.sort((a, b) => Number(a.asset.kind === 'source') - Number(b.asset.kind === 'source'))
  for (const one of sourceLast) {
    for (const batch of batches(historyOf({ world, seed: 7, from: FROM - HISTORY, to: FROM }, one))) {
      hear(one.device.id, 'telemetry', batch)
    }
  }
  expect(findings).toEqual([])

  world.add(...plan.effects)
  await runLive({
    world,
    fleet: { publish: async (id, channel, body) => (hear(id, channel, body), true) },
    seed: 5,
    clock: { speed: 1, now: () => (until((now += scenario.lasts / TURNS)), now) },
    deviceIds: plan.deviceIds,
    faults: plan.faults,
    wakes: plan.effects.flatMap((effect) => eventReportsOf(world, effect)),
    until: FROM + scenario.lasts,
    turnMs: 0,
    signal: new AbortController().signal,
    ...(scenario.everyS === undefined ? {} : { everyS: scenario.everyS }),
  })
  until(now + silentFor)
  return findings
}

describe('a scenario, as the detector hears it', () => {
  it.each([
    ['cover-displaced', 'spare-1', 'cover', 'j-'],
    ['cover-missing', 'spare-2', 'cover', 'j-'],
    ['steam', 'spare-1', 'well_vent', 'j-'],
    ['water-rising', 'spare-3', 'well_vent', 'e-'],
    ['secondary-leak', 'spare-4', 'hes_secondary', 's-45'],
    ['trunk-leak', 'spare-1', 'primary_leak', undefined],
  ])('%s at %s is a %s there', async (name, at, kind, assetId) => {
    const findings = await findingsOf(name, at)
    const emergencies = findings.filter((finding) => finding.kind === 'emergency')
    expect(emergencies.length).toBeGreaterThan(0)
    expect(new Set(emergencies.map(({ ticketKind }) => ticketKind))).toEqual(new Set([kind]))
    if (assetId !== undefined) expect(emergencies[0]?.assetId).toContain(assetId)
  })

  it.each([
    ['passing-truck', 'spare-1'],
    ['late-batch', 'spare-1'],
  ])('%s at %s is no emergency', async (name, at) => {
    const findings = await findingsOf(name, at)
    expect(findings.filter((finding) => finding.kind === 'emergency')).toEqual([])
  })

  it('sensor-silent at a wired station is a silent device and no emergency', async () => {
    const findings = await findingsOf('sensor-silent', 'rtu-s-07', 2 * HOUR + SECOND)
    expect(findings).toMatchObject([{ kind: 'device', fault: 'silence', deviceId: 'rtu-s-07' }])
  })
})
