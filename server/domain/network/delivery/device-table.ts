import { NewDevice, type DeviceMapping, type TableMistake } from '#contract/device-list.ts'
import type { FieldSource } from '#contract/network-mapping.ts'
import { SIGNALS } from '#contract/signals.ts'
import { plainName } from './column-words.ts'
import { fieldValue, isEmpty } from './field-values.ts'
import { columnOf } from './guess-mapping.ts'
import type { SourceLayer } from './source-layer.ts'

/** The fields of a device as a table has them, in the order in which a table is written. */
const DEVICE_FIELDS: readonly string[] = Object.keys(NewDevice.properties)

/** What the columns of device lists are called in Chinese and English, the surest words first. */
const COLUMN_WORDS: Readonly<Record<string, readonly RegExp[]>> = {
  id: [
    /^(设备|终端|传感器|仪表|测点)(编?号|编码|id|代码)$/,
    /^(device|sensor)(id|no|number|code)?$/,
    /^(编号|编码|代码|id|no|code)$/,
  ],
  assetId: [
    /^(所在|安装|所属)?(设施|资产|井|站|热力井|检查井|换热站|阀门)(编?号|编码|id|名称|名)?$/,
    /^(所在|安装)(位置|地点|点)(编号)?$/,
    /^(asset|well|station|site|facility|location|manhole|chamber)(id|no|number|code|name)?$/,
  ],
  signals: [
    /信号|测量(项|内容|参数|量)|监测(项|内容|参数|量)|测点/,
    /^(signals?|measure(s|ments?|d)?|tags|points|channels)$/,
  ],
  intervalS: [/(上报|采集|发送|上传|采样)(间隔|周期|频率|时间)/, /^(间隔|周期)/, /interval|period|every/],
  power: [/供电|电源/, /^power/],
  pipe: [/^(所测|测量|所在|对应|所属)?管(线|段|道)(编?号)?$/, /^pipe(id|no)?$/],
  side: [/供回|^侧$/, /^side$/],
  installedTiltDeg: [/倾角|安装角度?/, /tilt/],
  gateway: [/^(所属)?网关(编?号)?$/, /^gateway(id|no)?$/],
  aliases: [/^(平台|外部)(标识|编号)|^别名/, /^alias(es)?$/],
}

/** What a person would most likely match; a field takes the column of its own name first, no column serves twice. */
export function guessDeviceMapping({ columns }: Pick<SourceLayer, 'columns'>): DeviceMapping {
  const candidates = DEVICE_FIELDS.flatMap((field) =>
    columns.flatMap((column) => {
      if (plainName(column) === field.toLowerCase()) return [{ field, column, rank: -1 }]
      const rank = COLUMN_WORDS[field]?.findIndex((words) => words.test(plainName(column))) ?? -1
      return rank < 0 ? [] : [{ field, column, rank }]
    }),
  )
  const fields: Record<string, FieldSource> = {}
  const taken = new Set<string>()
  for (const { field, column } of candidates.sort((a, b) => a.rank - b.rank)) {
    if (fields[field] !== undefined || taken.has(column)) continue
    taken.add(column)
    const scale = field === 'intervalS' ? secondsIn(column) : 1
    fields[field] = scale === 1 ? column : { column, scale }
  }
  return { fields }
}

/** Of several sheets the one whose columns say most of devices. */
export function deviceSheet(layers: readonly SourceLayer[]): SourceLayer | undefined {
  const matched = (layer: SourceLayer) => Object.keys(guessDeviceMapping(layer).fields).length
  return layers.toSorted((a, b) => matched(b) - matched(a))[0]
}

export interface DeviceRows {
  /** Fields by name; null where the cell is empty, absent where no column is matched. */
  readonly devices: readonly Readonly<Record<string, unknown>>[]
  /** The row of each. */
  readonly rows: readonly number[]
  readonly mistakes: readonly TableMistake[]
}

/** The devices that the rows of a table name, not yet checked against the network. */
export function devicesOf(layer: SourceLayer, { fields }: DeviceMapping): DeviceRows {
  const mistakes = wrongMapping(layer, fields)
  if (mistakes.length > 0) return { devices: [], rows: [], mistakes }
  const devices = layer.rows.map(({ values }) =>
    Object.fromEntries(
      Object.entries(fields).map(([field, source]) => [field, valueFrom(field, source, values) ?? null]),
    ),
  )
  return { devices, rows: layer.rows.map(({ row }) => row), mistakes }
}

function wrongMapping({ columns }: SourceLayer, fields: DeviceMapping['fields']): TableMistake[] {
  const mistakes: TableMistake[] = []
  const usedBy = new Map<string, string>()
  for (const [field, source] of Object.entries(fields)) {
    const column = columnOf(source)
    if (!DEVICE_FIELDS.includes(field)) {
      mistakes.push({ message: `设备没有属性 ${field}`, messageEn: `a device has no property ${field}` })
    }
    if (column === undefined) continue
    const other = usedBy.get(column)
    if (other !== undefined)
      mistakes.push({
        column,
        message: `列 ${column} 同时对应 ${other} 和 ${field}`,
        messageEn: `the column ${column} is matched to ${other} and to ${field}`,
      })
    usedBy.set(column, field)
    if (!columns.includes(column))
      mistakes.push({
        column,
        message: `文件没有列 ${column}`,
        messageEn: `the file has no column ${column}`,
      })
  }
  if (fields.id === undefined)
    mistakes.push({
      message: '没有认出设备编号一列: 请指定哪一列是编号(id)',
      messageEn: 'no column was recognised as the id of the device: say which one it is',
    })
  return mistakes
}

function valueFrom(field: string, source: FieldSource, values: Readonly<Record<string, unknown>>): unknown {
  if (typeof source === 'object' && 'value' in source) return valueOf(field, source.value, 1)
  const { column, values: words = {}, scale = 1 } = typeof source === 'string' ? { column: source } : source
  const cell = values[column]
  const key = String(cell ?? '')
  return valueOf(field, Object.hasOwn(words, key) ? words[key] : cell, scale)
}

const LISTS: ReadonlySet<string> = new Set(
  Object.entries(NewDevice.properties).flatMap(([field, of]) => ('items' in of ? [field] : [])),
)
const POWER = [
  [/电池|^battery$/i, 'battery'],
  [/市电|外接|有线|交流|直流|^(wired|mains|ac|dc)$/i, 'wired'],
] as const

/** A cell in the form of the field; what cannot be understood stays as it is, for the check to name it. */
function valueOf(field: string, cell: unknown, scale: number): unknown {
  if (isEmpty(cell)) return undefined
  const text = String(cell as string | number | boolean)
    .normalize('NFKC')
    .trim()
  if (LISTS.has(field)) return listOf(field, text)
  switch (field) {
    case 'assetId':
    case 'pipe':
      return fieldValue('from', cell)
    case 'side':
      return fieldValue('side', cell)
    case 'power':
      return POWER.find(([words]) => words.test(text))?.[1] ?? text
    case 'intervalS':
      return secondsOf(text, scale) ?? text
    case 'installedTiltDeg': {
      const degrees = Number(text.replace(/[°度]$/, ''))
      return Number.isFinite(degrees) ? degrees : text
    }
    default:
      return text
  }
}

const SIGNAL_BY_WORD: ReadonlyMap<string, string> = new Map(
  Object.entries(SIGNALS).flatMap(([name, { words }]) => [
    [plainName(name), name],
    [plainName(words.zh), name],
    [plainName(words.en), name],
  ]),
)

/** Names or words, separated by anything but spaces where words have some. */
function listOf(field: string, text: string): readonly string[] {
  const parts = text
    .split(/[;,、|\n]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (field !== 'signals') return parts
  return parts.flatMap((part) => {
    const known = SIGNAL_BY_WORD.get(plainName(part))
    return known === undefined
      ? part.split(/\s+/).map((name) => SIGNAL_BY_WORD.get(plainName(name)) ?? name)
      : [known]
  })
}

const SECONDS: readonly (readonly [RegExp, number])[] = [
  [/^(h|hr|hours?|小时|时)$/i, 3600],
  [/^(min|mins|minutes?|m|分钟?)$/i, 60],
  [/^(s|sec|secs|seconds?|秒钟?)?$/i, 1],
]

/** 900, "900 s", "15 min", "15分钟"; a bare number is in the unit of its column. */
function secondsOf(text: string, scale: number): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z\p{L}]*)$/iu.exec(text) ?? []
  if (number === undefined) return undefined
  const factor = unit === '' ? scale : SECONDS.find(([words]) => words.test(unit))?.[1]
  return factor === undefined ? undefined : Number(number) * factor
}

/** The unit that a column's name says for its numbers, in seconds: 上报间隔(分钟), interval_min. */
function secondsIn(column: string): number {
  const unit = /[([_（\s](h|hours?|小时|时|min|minutes?|分钟?)[)\]）]?$/i.exec(column.normalize('NFKC'))?.[1]
  return SECONDS.find(([words]) => words.test(unit ?? ''))?.[1] ?? 1
}
