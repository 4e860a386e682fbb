import type { LocalizedText } from '#contract/text.ts'
import type { TroublePart } from '#contract/live.ts'
import { MINUTE } from '../instant.ts'
import { minutesText, sizeWords, spanWords } from './amount-words.ts'
import { storeTrouble, STUCK_MS, type StoreState } from './store-trouble.ts'
import { TIMED_WORDS, type TimedWords } from './timed-words.ts'

/** What the parts say of themselves at one moment; 'undefined' where all is well. */
export interface PartsState extends StoreState {
  readonly brokerIsExternal: boolean
  readonly brokerConnected: boolean
  /** Why the file of MQTT sessions takes nothing. */
  readonly sessionsUnsaved: string | undefined
  /** Devices that may be connected at once, and those that the network has. */
  readonly connectionLimit: number
  readonly deviceCount: number
  /** Why the journal takes nothing. */
  readonly journalRefuses: string | undefined
  /** True when its end lies before what had been read from it. */
  readonly journalBehindConsumer: boolean
  readonly databaseProblem: string | undefined
  /** Rows that no list shows, because they are not what was written: each with its reason. */
  readonly damagedRows: readonly string[]
  /** Timed parts that fail, with the reason: deadlines, notifications, … */
  readonly scheduleFails: Readonly<Record<string, string>>
  /** How long the timed parts have waited for the end of one of them. */
  readonly scheduleStuckMs: number
  readonly detectorProblem: string | undefined
  readonly detectorStuckMs: number
  /** Why the state of the detector, which goes on, is not on disk. */
  readonly detectorUnsaved: string | undefined
  /** Devices that make the detector fail, left out so that the others go on (F18). */
  readonly isolatedDevices: readonly string[]
  /** Time since any device has said anything; 0 where none is expected to. */
  readonly telemetrySilentMs: number
  readonly failingChannels: readonly string[]
  /** The computer's clock less the time that is kept, ms, while it is held against a step (F7). */
  readonly clockHeldMs: number | undefined
  readonly diskIsLow: boolean
  readonly diskFreeBytes: number
  /** Files that were gone from the data directory at the start. */
  readonly filesMissing: readonly string[]
  /** Damaged files that were put beside the good ones, and whose contents are missing. */
  readonly filesSetAside: readonly string[]
  readonly heartbeatProblem: string | undefined
  /** Each awaited screen on a wall, and how long it has said nothing, ms. */
  readonly walls: readonly { readonly id: string; readonly name: string; readonly silentMs: number }[]
}

export interface PartTrouble {
  readonly part: TroublePart
  readonly text: LocalizedText
  /** What the part itself says, for whoever mends it. */
  readonly detail?: string
  /** The main job does not run: devices are not acknowledged, not judged, or nobody is told. */
  readonly stops: boolean
  /** The screens that are meant, where somebody may say that one was taken down on purpose. */
  readonly walls?: readonly { readonly id: string; readonly name: string }[]
}

/** A town whose every device is silent at once has lost its broker or its network. */
const SILENT_MS = 10 * MINUTE
/** A wall asks for something every half minute, in a browser that saves power every minute. */
const WALL_LOST_MS = 3 * MINUTE
const SHOWN_NAMES = 3

/**
 * What does not work, in words for every screen, what stops the main job first.
 * @param state what each part says of itself; times in ms, sizes in bytes
 */
export function troublesOf(state: PartsState): readonly PartTrouble[] {
  const found = [
    broker(state),
    journal(state),
    database(state),
    schedule(state),
    detector(state),
    clock(state),
    disk(state),
    files(state),
    store(state),
    telemetry(state),
    channels(state),
    device(state),
    heartbeat(state),
    wall(state),
  ].filter((trouble) => trouble !== undefined)
  return [...found.filter(({ stops }) => stops), ...found.filter(({ stops }) => !stops)]
}

function broker(state: PartsState): PartTrouble | undefined {
  const { brokerConnected, brokerIsExternal, connectionLimit, deviceCount, sessionsUnsaved } = state
  if (brokerConnected && sessionsUnsaved !== undefined) {
    const text = {
      zh: 'MQTT 会话文件不能写入:数据照常确认,但发给设备的命令在重启后可能丢失',
      en: 'the file of MQTT sessions cannot be written: data is acknowledged, commands to devices may be lost at a restart',
    }
    return { part: 'broker', stops: false, text, detail: sessionsUnsaved }
  }
  if (brokerConnected && connectionLimit < deviceCount) {
    const [limit, count] = [String(connectionLimit), String(deviceCount)]
    const text = {
      zh: `系统限制只能同时连接 ${limit} 台设备,而网络中有 ${count} 台:请提高打开文件数或连接数上限`,
      en: `only ${limit} of ${count} devices can be connected at once: raise the limit of open files or connections`,
    }
    return { part: 'broker', stops: false, text }
  }
  if (brokerConnected) return undefined
  const [zh, en] = brokerIsExternal
    ? [
        '与外部 MQTT 服务器的连接中断:设备数据进不来',
        'no link to the external MQTT broker: devices are not heard',
      ]
    : ['MQTT 入口已关闭:设备数据进不来', 'the MQTT entrance is closed: devices are not heard']
  return { part: 'broker', stops: true, text: { zh, en } }
}

function journal({ journalRefuses: why, journalBehindConsumer }: PartsState): PartTrouble | undefined {
  if (why === undefined && journalBehindConsumer) {
    const text = {
      zh: '日志缺少末尾一段:已确认的部分数据可能没有入库和检测,请查看服务器日志',
      en: 'the end of the journal is missing: some acknowledged data may never be stored or judged, see the log',
    }
    return { part: 'journal', stops: false, text }
  }
  if (why === undefined) return undefined
  const text = {
    zh: '数据不能落盘:新数据未被确认,设备会保留并重发',
    en: 'data cannot be put on disk: nothing is acknowledged, devices keep it and send it again',
  }
  return { part: 'journal', stops: true, text, detail: why }
}

function database({ databaseProblem: why, damagedRows }: PartsState): PartTrouble | undefined {
  if (why === undefined && damagedRows.length > 0) {
    const count = String(damagedRows.length)
    const text = {
      zh: `工单数据库中有 ${count} 条记录已损坏,无法显示,其余照常:请从备份恢复`,
      en: `${count} rows of the ticket database are damaged and not shown, all others are: restore a backup`,
    }
    return { part: 'database', stops: false, text, detail: damagedRows.slice(0, SHOWN_NAMES).join('; ') }
  }
  if (why === undefined) return undefined
  const text = {
    zh: '工单数据库不能写入:工单操作无法保存',
    en: 'the ticket database cannot be written: commands on tickets are not saved',
  }
  return { part: 'database', stops: true, text, detail: why }
}

function schedule({ scheduleFails, scheduleStuckMs }: PartsState): PartTrouble | undefined {
  // They take turns: while one does not come to its end, none has its own.
  if (scheduleStuckMs >= STUCK_MS) {
    return { part: 'schedule', ...timedWords('deadlines'), detail: minutesText(scheduleStuckMs) }
  }
  const names = [...Object.keys(TIMED_WORDS), ...Object.keys(scheduleFails)]
  const worst = names.find((name) => scheduleFails[name] !== undefined)
  if (worst === undefined) return undefined
  return { part: 'schedule', ...timedWords(worst), detail: scheduleFails[worst] ?? '' }
}

function timedWords(name: string): TimedWords {
  return (
    TIMED_WORDS[name] ?? { stops: true, text: { zh: `定时任务停摆:${name}`, en: `${name} does not run` } }
  )
}

function detector(state: PartsState): PartTrouble | undefined {
  const { detectorProblem, detectorStuckMs, detectorUnsaved } = state
  const isStuck = detectorStuckMs >= STUCK_MS
  if (detectorProblem === undefined && !isStuck) {
    if (detectorUnsaved === undefined) return undefined
    const text = {
      zh: '检测进度不能保存:报警照常,重启后会重读此后的数据',
      en: 'how far detection has come cannot be saved: alarms go on, a restart reads again what came since',
    }
    return { part: 'detector', stops: false, text, detail: detectorUnsaved }
  }
  const why = detectorProblem ?? minutesText(detectorStuckMs)
  const text = {
    zh: '检测停摆:传感器异常不会自动报警,请人工监视',
    en: 'detection has stopped: sensors raise no alarm, watch by hand',
  }
  return { part: 'detector', stops: true, text, detail: why }
}

function clock({ clockHeldMs }: PartsState): PartTrouble | undefined {
  if (clockHeldMs === undefined) return undefined
  const [ahead, behind] = clockHeldMs > 0 ? ['快', 'ahead by'] : ['慢', 'behind by']
  const { zh, en } = spanWords(Math.abs(clockHeldMs))
  const text = {
    zh: `服务器时钟跳变,${ahead}了 ${zh}:仍按原来的时间计时。请校正时钟,或由值班人员确认新时间`,
    en: `the computer’s clock has jumped, ${behind} ${en}: the old time goes on. Set it right, or confirm the new time`,
  }
  return { part: 'clock', stops: false, text }
}

function disk({ diskIsLow, diskFreeBytes, storeKind }: PartsState): PartTrouble | undefined {
  if (!diskIsLow) return undefined
  const free = sizeWords(diskFreeBytes)
  const [zh, en] =
    storeKind === 'embedded'
      ? ['最旧的历史数据会提前删除', 'the oldest history goes before its time']
      : [
          '请清理磁盘,写满后新数据和工单不能保存',
          'make room, on a full disk neither data nor tickets are saved',
        ]
  const text = { zh: `磁盘空间不足,剩余 ${free}:${zh}`, en: `little disk left, ${free}: ${en}` }
  return { part: 'disk', stops: false, text }
}

function files({ filesMissing, filesSetAside }: PartsState): PartTrouble | undefined {
  const all = [...filesMissing, ...filesSetAside]
  if (all.length === 0) return undefined
  const names = all.slice(0, SHOWN_NAMES).join(', ')
  const [zh, en] =
    filesMissing.length > 0
      ? ['数据目录中的文件不见了,其内容缺失', 'files of the data directory are gone, and what they held']
      : ['损坏的文件已移到一旁,其内容缺失', 'damaged files were set aside, and what they held is missing']
  const count = String(all.length)
  const text = { zh: `${zh}(${count}):${names}`, en: `${en} (${count}): ${names}` }
  return { part: 'files', stops: false, text }
}

function store(state: PartsState): PartTrouble | undefined {
  const words = storeTrouble(state)
  return words && { part: 'store', stops: false, ...words }
}

function telemetry({ telemetrySilentMs, brokerConnected }: PartsState): PartTrouble | undefined {
  if (telemetrySilentMs < SILENT_MS || !brokerConnected) return undefined
  const { zh, en } = spanWords(telemetrySilentMs)
  const text = {
    zh: `已有 ${zh}没有收到任何设备的数据:请检查通信网络`,
    en: `no device has been heard for ${en}: look at the network to the devices`,
  }
  return { part: 'telemetry', stops: false, text }
}

function channels({ failingChannels }: PartsState): PartTrouble | undefined {
  if (failingChannels.length === 0) return undefined
  const text = {
    zh: `通知通道 ${failingChannels.join('、')} 故障:请电话通知相关人员`,
    en: `notification channels ${failingChannels.join(', ')} do not work: tell people by phone`,
  }
  return { part: 'channels', stops: false, text }
}

function device({ isolatedDevices }: PartsState): PartTrouble | undefined {
  if (isolatedDevices.length === 0) return undefined
  const count = String(isolatedDevices.length)
  const names = isolatedDevices.slice(0, SHOWN_NAMES)
  const text = {
    zh: `检测程序对 ${count} 台设备出错,已隔离:${names.join('、')}`,
    en: `the detector failed on ${count} devices and leaves them out: ${names.join(', ')}`,
  }
  return { part: 'device', stops: false, text }
}

function heartbeat({ heartbeatProblem: why }: PartsState): PartTrouble | undefined {
  if (why === undefined) return undefined
  const text = {
    zh: '外部心跳监视联系不上:本系统停机时将无人得知',
    en: 'the outside watch cannot be reached: nobody would learn that this system stops',
  }
  return { part: 'heartbeat', stops: false, text, detail: why }
}

function wall({ walls }: PartsState): PartTrouble | undefined {
  const lost = walls.filter(({ silentMs }) => silentMs >= WALL_LOST_MS)
  if (lost.length === 0) return undefined
  const { zh, en } = spanWords(Math.max(...lost.map(({ silentMs }) => silentMs)))
  const text = {
    zh: `大屏${lost.map(({ name }) => `「${name}」`).join('')}已 ${zh}没有响应:请查看电源和网络`,
    en: `Wall screen ${lost.map(({ name }) => `“${name}”`).join(', ')} silent for ${en}: check power and network`,
  }
  return { part: 'wall', stops: false, text, walls: lost.map(({ id, name }) => ({ id, name })) }
}
