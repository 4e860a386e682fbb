import type { LocalizedText } from '#contract/text.ts'
import type { Trouble, TroublePart } from '#contract/live.ts'
import { instantText, MINUTE } from '../../domain/instant.ts'
import { troublesOf, type PartsState, type PartTrouble } from '../../domain/self-monitoring/trouble.ts'
import type { Clock, Log } from '../ports.ts'
import { raiseSystemAlarm, type Alarming } from './system-alarm.ts'

/** Looks at the whole system from outside its parts, so that none has to survive to tell of its own end. */
export interface SystemWatch {
  /** What has not worked for two looks on end. */
  troubles(): readonly Trouble[]
  look(): void
  close(): void
}

export interface SystemWatchOptions {
  readonly state: () => PartsState
  readonly alarming: Alarming
  readonly clock: Clock
  readonly log: Log
  /** After the troubles have changed, before the next look. */
  readonly changed: () => void
  readonly monotonic?: () => number
}

const LOOK_EVERY_MS = 2000
/** What comes and goes is shown all the time and heard once in so long. */
const HEARD_AGAIN_MS = 10 * MINUTE
/** Channels tell of themselves, at the moment of the attempt; a dark wall is no alarm of the night. */
const SPEAKS_FOR_ITSELF: ReadonlySet<TroublePart> = new Set(['channels', 'wall'])

interface Known {
  readonly since: string
  readonly isTold: boolean
  trouble: PartTrouble
}

/**
 * Raises an alarm when a part has failed at two looks on end, and a line when it works again. Everything
 * here is in memory: it speaks on a full disk and with a dead database.
 */
export function watchSystem(options: SystemWatchOptions): SystemWatch {
  const { state, alarming, clock, log, monotonic = () => performance.now() } = options
  const known = new Map<TroublePart, Known>()
  const heardAt = new Map<string, number>()
  let suspected: ReadonlySet<TroublePart> = new Set()
  const timer = setInterval(look, LOOK_EVERY_MS)

  return { look, troubles, close: () => clearInterval(timer) }

  function look(): void {
    const found = new Map(troublesOf(state()).map((trouble) => [trouble.part, trouble]))
    let isChanged = false
    for (const [part, one] of known) {
      const trouble = found.get(part)
      isChanged ||= trouble?.text.zh !== one.trouble.text.zh
      if (trouble === undefined) end(part, one)
      else if (trouble.stops && !one.trouble.stops) begin(trouble)
      else one.trouble = trouble
    }
    for (const [part, trouble] of found) {
      if (known.has(part) || !suspected.has(part)) continue
      isChanged = true
      begin(trouble)
    }
    suspected = new Set(found.keys())
    if (isChanged) options.changed()
  }

  function begin(trouble: PartTrouble): void {
    const { part, text, detail, stops } = trouble
    // What comes to stop the main job is heard, though less of it was heard before.
    const what = `${part} ${String(stops)}`
    const isTold =
      !SPEAKS_FOR_ITSELF.has(part) && monotonic() - (heardAt.get(what) ?? -Infinity) >= HEARD_AGAIN_MS
    const at = clock.now()
    const wasTold = known.get(part)?.isTold === true
    known.set(part, { since: instantText(at), isTold: isTold || wasTold, trouble })
    log.error({ part, trouble: text.en, detail }, 'a part of the system does not work')
    if (!isTold) return
    heardAt.set(what, monotonic())
    raiseSystemAlarm(alarming, { at, text, isTrouble: true })
  }

  function end(part: TroublePart, { isTold }: Known): void {
    known.delete(part)
    log.info({ part }, 'a part of the system works again')
    if (isTold) raiseSystemAlarm(alarming, { at: clock.now(), text: WORKS_AGAIN[part], isTrouble: false })
  }

  function troubles(): readonly Trouble[] {
    return [...known.values()].map(({ since, trouble: { walls, ...trouble } }) => ({
      ...trouble,
      since,
      ...(walls === undefined ? {} : { walls: [...walls] }),
    }))
  }
}

const WORKS_AGAIN: Readonly<Record<TroublePart, LocalizedText>> = {
  broker: { zh: 'MQTT 入口已恢复', en: 'the MQTT entrance works again' },
  journal: { zh: '数据重新落盘并确认', en: 'data is put on disk and acknowledged again' },
  database: { zh: '工单数据库恢复写入', en: 'the ticket database can be written again' },
  schedule: { zh: '时限提醒已恢复', en: 'deadlines run again' },
  detector: { zh: '检测已恢复', en: 'detection works again' },
  device: { zh: '已无被隔离的设备', en: 'no device is left out any more' },
  store: { zh: '历史库恢复写入,正在补写', en: 'the history store takes data again and catches up' },
  telemetry: { zh: '重新收到设备数据', en: 'devices are heard again' },
  channels: { zh: '通知通道已恢复', en: 'notification channels work again' },
  clock: { zh: '时钟已确认或校正', en: 'the clock has been confirmed or set right' },
  disk: { zh: '磁盘空间已恢复', en: 'there is room on the disk again' },
  files: { zh: '数据目录中的文件已齐全', en: 'the files of the data directory are all there' },
  wall: { zh: '大屏已恢复', en: 'the wall screens are back' },
  heartbeat: { zh: '外部心跳监视已恢复', en: 'the outside watch is reached again' },
}
