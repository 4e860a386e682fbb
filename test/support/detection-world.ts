import type { NetworkFile, PointFeature } from '#contract/network.ts'
import type { DeviceEvent } from '#contract/vocabulary.ts'
import { DEFAULT_SETTINGS } from '../../server/domain/detection/catalogue.ts'
import type { DeviceFinding, EmergencyFinding, Finding } from '../../server/domain/detection/core/finding.ts'
import type { DetectionContext } from '../../server/domain/detection/core/context.ts'
import { createDetectorState, type DetectorState } from '../../server/domain/detection/core/state.ts'
import { step } from '../../server/domain/detection/step.ts'
import { tick } from '../../server/domain/detection/tick.ts'
import { parseInstant, type Instant } from '../../server/domain/instant.ts'
import { buildNetwork } from '../../server/domain/network/build.ts'
import type { Network } from '../../server/domain/network/network.ts'

/** Wall clock of one winter day, Asia/Shanghai: `time('22:50:00')`. */
export function time(clock: string, day = '2026-01-15'): Instant {
  const at = parseInstant(`${day}T${clock}+08:00`)
  if (at === undefined) throw new Error(`not a time: ${clock}`)
  return at
}

type Values = Record<string, number | boolean>

const WELL_SIGNALS = [
  'pressure_mpa',
  'chamber_c',
  'humidity_pct',
  'water_level_m',
  'cover_tilt_deg',
  'cover_open',
  'shock_g',
  'battery_v',
]
const STATION_SIGNALS = [
  'primary_supply_mpa',
  'primary_supply_c',
  'secondary_supply_mpa',
  'secondary_return_mpa',
  'secondary_supply_c',
  'makeup_flow_t_h',
]

/** A source, six wells in a row (device `d-w1` at `w1` …), a station behind the last, a secondary well. */
export function aRowOfWells(intervalS = 60, wells = 6): Network {
  const at = (x: number): [number, number] => [106.8 + x / 1000, 39.65]
  const point = (x: number, properties: object): PointFeature =>
    ({ type: 'Feature', geometry: { type: 'Point', coordinates: at(x) }, properties }) as PointFeature
  const ids = ['s', ...Array.from({ length: wells }, (_, i) => `w${i + 1}`), 'hes']
  const features: unknown[] = [
    point(0, {
      kind: 'source',
      id: 's',
      name: '热源',
      network: 'primary',
      devices: [
        {
          id: 'd-s',
          signals: ['makeup_flow_t_h', 'primary_supply_c', 'primary_return_c', 'primary_supply_mpa'],
          intervalS,
        },
      ],
    }),
    ...ids
      .slice(1, -1)
      .map((id, i) =>
        point(i + 1, {
          kind: 'well',
          id,
          name: `${id} 井`,
          network: 'primary',
          depthM: 2,
          devices: [{ id: `d-${id}`, signals: WELL_SIGNALS, intervalS, installedTiltDeg: 2 }],
        }),
      ),
    point(wells + 1, {
      kind: 'station',
      id: 'hes',
      name: '一号站',
      network: 'primary',
      devices: [{ id: 'd-hes', signals: STATION_SIGNALS, intervalS }],
    }),
    point(wells + 2, {
      kind: 'well',
      id: 'sw',
      name: '二次井',
      network: 'secondary',
      devices: [{ id: 'd-sw', signals: WELL_SIGNALS, intervalS }],
    }),
    ...ids
      .slice(0, -1)
      .map((id, i) => ({
        type: 'Feature',
        geometry: { type: 'LineString', coordinates: [at(i), at(i + 1)] },
        properties: {
          kind: 'pipe',
          id: `p${i}`,
          from: id,
          to: ids[i + 1],
          network: 'primary',
          class: 'trunk',
          lengthM: 500,
          diameterMm: 500,
        },
      })),
    {
      type: 'Feature',
      geometry: { type: 'LineString', coordinates: [at(wells + 1), at(wells + 2)] },
      properties: {
        kind: 'pipe',
        id: 'ps',
        from: 'hes',
        to: 'sw',
        network: 'secondary',
        class: 'branch',
        lengthM: 100,
        diameterMm: 200,
      },
    },
  ]
  return buildNetwork({ type: 'FeatureCollection', features } as NetworkFile, 1)
}

/** A detector over a small network that keeps what it said. */
export class Watched {
  state: DetectorState = createDetectorState()
  readonly context: DetectionContext
  readonly findings: Finding[] = []

  constructor(context: Partial<DetectionContext> = {}) {
    this.context = { network: aRowOfWells(), settings: DEFAULT_SETTINGS, ...context }
  }

  /** One sample, measured and received at the same instant unless `receivedAt` says otherwise. */
  say(deviceId: string, ts: Instant, values: Values, receivedAt = ts): readonly Finding[] {
    return this.send(deviceId, [[ts, values]], receivedAt)
  }

  /** Several samples in one message. */
  send(
    deviceId: string,
    samples: readonly (readonly [Instant, Values])[],
    receivedAt: Instant,
  ): readonly Finding[] {
    const decoded = {
      kind: 'telemetry' as const,
      samples: samples.map(([ts, values]) => ({ ts, values })),
      rejected: [],
    }
    return this.keep(step(this.state, { deviceId, receivedAt, decoded }, this.context))
  }

  alarm(
    deviceId: string,
    event: DeviceEvent,
    ts: Instant | undefined,
    receivedAt: Instant,
  ): readonly Finding[] {
    const decoded = { kind: 'event' as const, event, sample: { ts, values: {} } }
    return this.keep(step(this.state, { deviceId, receivedAt, decoded }, this.context))
  }

  tick(at: Instant): readonly Finding[] {
    return this.keep(tick(this.state, at, this.context))
  }

  get emergencies(): readonly EmergencyFinding[] {
    return this.findings.filter((finding) => finding.kind === 'emergency')
  }

  get faults(): readonly DeviceFinding[] {
    return this.findings.filter((finding) => finding.kind === 'device')
  }

  private keep(findings: readonly Finding[]): readonly Finding[] {
    this.findings.push(...findings)
    return findings
  }
}

/** Quiet readings from one instant to another, so that there is a baseline. */
export function quiet(
  world: Watched,
  deviceId: string,
  span: { readonly from: Instant; readonly to: Instant; readonly everyMs: number },
  values: (at: Instant) => Values,
): void {
  for (let at = span.from; at < span.to; at += span.everyMs) world.say(deviceId, at, values(at))
}
