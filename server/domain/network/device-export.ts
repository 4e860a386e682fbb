import { NewDevice } from '#contract/device-list.ts'
import { deviceName, signalName } from '#contract/signals.ts'
import type { Row } from '../csv.ts'
import type { Network, PlacedDevice } from './network.ts'

const FIELDS = Object.keys(NewDevice.properties) as readonly (keyof NewDevice)[]

/** What people call the columns; an import knows them again. */
const HEADS: Readonly<Record<string, string>> = {
  id: '设备编号',
  assetId: '所在设施',
  signals: '信号',
  intervalS: '上报间隔(秒)',
  power: '供电方式',
  pipe: '所测管线',
  side: '供水/回水',
  installedTiltDeg: '安装倾角(度)',
  gateway: '网关',
  aliases: '平台标识',
}
const VALUES: Readonly<Record<string, string>> = {
  wired: '市电',
  battery: '电池',
  supply: '供水',
  return: '回水',
  both: '供回水',
}

/**
 * The devices in service as a table that can be imported again, by id; the last two columns are for reading
 * alone.
 */
export function deviceTable(network: Network, language: 'zh' | 'en'): readonly Row[] {
  const zh = language === 'zh'
  const head = [
    ...FIELDS.map((field) => (zh ? (HEADS[field] ?? field) : field)),
    ...(zh ? ['设施名', '设备类型'] : ['assetName', 'deviceType']),
  ]
  const devices = [...network.devices.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  return [
    head,
    ...devices.map((device) => [
      ...FIELDS.map((field) => cellOf(field, device, language)),
      device.asset.name,
      deviceName(device.signals, language),
    ]),
  ]
}

function cellOf(field: keyof NewDevice, device: PlacedDevice, language: 'zh' | 'en'): string | number | null {
  const value = device[field]
  if (value === undefined) return null
  if (typeof value === 'number') return value
  if (typeof value === 'string') return language === 'zh' ? (VALUES[value] ?? value) : value
  const words = field === 'signals' && language === 'zh' ? value.map((one) => signalName(one, 'zh')) : value
  return words.join(';')
}
