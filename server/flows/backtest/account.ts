import type { LocalizedText } from '#contract/text.ts'
import { REJECT_WORDS } from '#contract/reject-words.ts'
import type { RejectReason } from '#contract/telemetry.ts'
import { behindSources } from '../../domain/detection/behind-source.ts'
import { traitOf } from '../../domain/detection/core/traits.ts'
import type { DetectorState } from '../../domain/detection/core/state.ts'
import { HOUR, instantText, type Instant } from '../../domain/instant.ts'
import type { Network } from '../../domain/network/network.ts'
import { CHANGE_WORDS, lengthText, listOf } from './account-words.ts'
import type { BacktestChange } from './incidents.ts'
import type { Row } from './row.ts'

/** Counts what a backtest reads and says, for the account at its end. */
export interface BacktestTally {
  row(row: Row): void
  bad(reason: RejectReason, lineNumber: number): void
  /** A sample that the live system would not take either. */
  rejected(reason: RejectReason, deviceId: string): void
  change(change: BacktestChange): void
  /** Rows of devices that the network knows. */
  used(): number
  lines(state: DetectorState): readonly LocalizedText[]
}

interface Series {
  first: number | boolean
  varies: boolean
  rows: number
}

const LONG_GAP_MS = 6 * HOUR
/** Enough rows to call a signal that never moved constant. */
const CONSTANT_ROWS = 50
const MAX_NAMED = 5
const MAX_STRANGERS = 10_000

/** What could be watched in a network with these readings, and what not, in both languages, for an engineer. */
export function createTally(network: Network): BacktestTally {
  const bad = new Map<RejectReason, { count: number; firstLine: number }>()
  const rejected = new Map<RejectReason, number>()
  const strangers = new Map<string, number>()
  const series = new Map<string, Map<string, Series>>()
  const changes = new Map<BacktestChange['type'], number>()
  let [first, last, longest, longestFrom, gaps] = [Infinity, -Infinity, 0, 0, 0]
  let [used, foreign, idle] = [0, 0, 0]
  let device = ''
  let seen: Map<string, Series> | undefined

  function time(at: Instant): void {
    if (at === last) return
    if (first === Infinity) first = at
    else if (at - last > LONG_GAP_MS) {
      gaps += 1
      if (at - last > longest) [longest, longestFrom] = [at - last, last]
    }
    last = at
  }

  function seriesOf(id: string): Map<string, Series> | undefined {
    const known = series.get(id)
    if (known !== undefined || !network.devices.has(id)) return known
    const made = new Map<string, Series>()
    series.set(id, made)
    return made
  }

  return {
    used: () => used,
    row({ received, device: id, signal, value }) {
      time(received)
      if (id !== device) [device, seen] = [id, seriesOf(id)]
      if (seen === undefined) {
        foreign += 1
        if (strangers.has(id) || strangers.size < MAX_STRANGERS)
          strangers.set(id, (strangers.get(id) ?? 0) + 1)
        return
      }
      used += 1
      const one = seen.get(signal)
      if (one === undefined) {
        seen.set(signal, { first: value, varies: false, rows: 1 })
        return
      }
      one.rows += 1
      if (value !== one.first) one.varies = true
    },
    bad(reason, lineNumber) {
      const known = bad.get(reason)
      if (known === undefined) bad.set(reason, { count: 1, firstLine: lineNumber })
      else known.count += 1
    },
    rejected(reason) {
      rejected.set(reason, (rejected.get(reason) ?? 0) + 1)
    },
    change({ type }) {
      changes.set(type, (changes.get(type) ?? 0) + 1)
    },
    lines(state) {
      for (const signals of series.values()) {
        for (const [signal, { rows }] of signals) if (traitOf(signal) === undefined) idle += rows
      }
      return [
        ...readLines(),
        ...watchedLines(),
        ...Object.entries(state.isolated).map(([id, { reason }]): LocalizedText => ({
          zh: `已搁置:设备 ${id} 使规则出错:${reason}`,
          en: `set aside: device ${id} made a rule fail: ${reason}`,
        })),
        changesLine(),
      ]
    },
  }

  function changesLine(): LocalizedText {
    if (changes.size === 0) return { zh: '结果变化:无', en: 'changes: none' }
    const { zh, en } = listOf(
      [...changes].map(([type, count]) => ({
        zh: `${CHANGE_WORDS[type]} ${String(count)}`,
        en: `${String(count)} ${type}`,
      })),
    )
    return { zh: `结果变化:${zh}`, en: `changes: ${en}` }
  }

  function readLines(): LocalizedText[] {
    const badCount = [...bad.values()].reduce((sum, { count }) => sum + count, 0)
    const reasons = listOf(
      [...bad].map(([reason, { count, firstLine }]) => ({
        zh: `${REJECT_WORDS[reason].zh} ${String(count)}(首见于第 ${String(firstLine)} 行)`,
        en: `${String(count)} ${reason} (first in line ${String(firstLine)})`,
      })),
    )
    const span = last < first ? '' : `, ${instantText(first)} … ${instantText(last)}`
    const [some, named] = [String(strangers.size), namesOf([...strangers.keys()])]
    const over = strangers.size === MAX_STRANGERS
    const length = lengthText(longest)
    return [
      { zh: `读数:用了 ${String(used)} 行${span}`, en: `rows: ${String(used)} used${span}` },
      badCount === 0
        ? { zh: '坏行:0', en: 'bad lines: 0' }
        : {
            zh: `坏行:${String(badCount)}:${reasons.zh}`,
            en: `bad lines: ${String(badCount)}: ${reasons.en}`,
          },
      ...(foreign === 0
        ? []
        : [
            {
              zh: `未登记的设备:${over ? '超过 ' : ''}${some} 台,共 ${String(foreign)} 行,不在管网中(${named})`,
              en: `unknown devices: ${String(foreign)} rows of ${over ? 'over ' : ''}${some} devices that are not in the network (${named})`,
            },
          ]),
      ...[...rejected].map(([reason, count]) => ({
        zh: `未采用:${String(count)} 个样本,${REJECT_WORDS[reason].zh}:实时系统同样拒收`,
        en: `not taken: ${String(count)} samples, ${reason}: the live system refuses them too`,
      })),
      ...(idle === 0
        ? []
        : [
            {
              zh: `多余信号:${String(idle)} 行,没有规则读取`,
              en: `extra signals: ${String(idle)} rows of signals that no rule reads`,
            },
          ]),
      ...(gaps === 0
        ? []
        : [
            {
              zh: `空档:${String(gaps)} 段超过 6 小时没有一行读数,最长 ${length.zh},自 ${instantText(longestFrom)} 起:其间无人看守`,
              en: `gaps: ${String(gaps)} longer than 6 h without a single row; the longest ${length.en} from ${instantText(longestFrom)}: nothing was watched then`,
            },
          ]),
    ]
  }

  function watchedLines(): LocalizedText[] {
    const placed = [...network.devices.values()]
    const silent = placed.filter(({ id }) => !series.has(id)).map(({ id }) => id)
    const constant = [...series].flatMap(([id, signals]) =>
      [...signals].flatMap(([signal, { rows, varies }]) =>
        !varies && rows >= CONSTANT_ROWS && traitOf(signal)?.moves === true ? [`${id} ${signal}`] : [],
      ),
    )
    const [all, heard] = [String(placed.length), String(series.size)]
    return [
      {
        zh: `设备:${all} 台中有 ${heard} 台有读数`,
        en: `devices: ${heard} of the network's ${all} have readings`,
      },
      ...(silent.length === 0
        ? []
        : [
            {
              zh: `没有读数:${String(silent.length)} 台设备(${namesOf(silent)})`,
              en: `not heard: ${String(silent.length)} devices (${namesOf(silent)})`,
            },
          ]),
      ...(constant.length === 0
        ? []
        : [
            {
              zh: `从不变化:${namesOf(constant)},规则无法使用`,
              en: `constant: ${namesOf(constant)} never moved, so no rule can use it`,
            },
          ]),
      ...FAMILIES.map((family) => familyLine(family, assetsWith(family.signals))),
      leakLine(),
    ]
  }

  /** Assets with a device that had readings of one of these signals. */
  function assetsWith(signals: readonly string[]): number {
    const assets = new Set<string>()
    for (const [id, its] of series) {
      const assetId = network.devices.get(id)?.assetId
      if (assetId !== undefined && signals.some((signal) => its.has(signal))) assets.add(assetId)
    }
    return assets.size
  }

  function leakLine(): LocalizedText {
    const behind = behindSources(network)
    if (behind.size === 0) {
      return {
        zh: '看不住:失水和井间泄漏,管网中没有热源',
        en: 'not watched: water loss and leaks between wells: the network has no source',
      }
    }
    const heard = (deviceId: string, signal: string) => series.get(deviceId)?.has(signal) === true
    const parts = [...behind].map(([sourceId, { supplyPressures, returnPressures, volumeM3 }]) => {
      const meters = [...network.devices.values()].filter(
        ({ assetId, id }) => assetId === sourceId && heard(id, 'makeup_flow_t_h'),
      )
      const pressures = [...supplyPressures, ...returnPressures].filter((one) =>
        heard(one.deviceId, one.signal),
      )
      if (meters.length === 0)
        return {
          zh: `${sourceId} 看不住失水:没有补水读数`,
          en: `${sourceId} not watched for water loss: no readings of its make-up water`,
        }
      const known = volumeM3 !== undefined
      const count = String(pressures.length)
      return {
        zh: `${sourceId} 由补水和 ${count} 个压力测点看住${known ? '' : ',未扣除水温收缩(缺管径)'}`,
        en: `${sourceId} watched by its make-up water and ${count} pressure sensors${known ? '' : ', cooling not corrected for (pipe diameters are missing)'}`,
      }
    })
    const { zh, en } = listOf(parts)
    return { zh: `失水:${zh}`, en: `water loss: ${en}` }
  }
}

const FAMILIES = [
  { zh: '井盖', en: 'covers', signals: ['cover_tilt_deg', 'cover_open', 'shock_g'] },
  { zh: '井室', en: 'well chambers', signals: ['chamber_c', 'humidity_pct', 'water_level_m'] },
  {
    zh: '换热站',
    en: 'stations',
    signals: ['secondary_supply_mpa', 'secondary_return_mpa', 'secondary_supply_c', 'secondary_return_c'],
  },
] as const

function familyLine({ zh, en }: LocalizedText, assets: number): LocalizedText {
  return assets === 0
    ? { zh: `看不住:${zh},没有读数`, en: `not watched: ${en}: no readings of them` }
    : { zh: `看得住:${zh} ${String(assets)} 处`, en: `watched: ${en} at ${String(assets)} places` }
}

function namesOf(names: readonly string[]): string {
  return `${names.slice(0, MAX_NAMED).join(', ')}${names.length > MAX_NAMED ? ', …' : ''}`
}
