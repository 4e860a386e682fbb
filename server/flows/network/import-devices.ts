import type { DeviceImportAnswer, DeviceMapping, TableMistake } from '#contract/device-list.ts'
import type { ImportMistake } from '#contract/import-mistake.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { LayerSummary } from '#contract/network-mapping.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import { columnOf } from '../../domain/network/delivery/guess-mapping.ts'
import {
  deviceSheet,
  devicesOf,
  guessDeviceMapping,
  type DeviceRows,
} from '../../domain/network/delivery/device-table.ts'
import type { SourceLayer } from '../../domain/network/delivery/source-layer.ts'
import { summariseLayer } from '../../domain/network/delivery/summarise-layer.ts'
import { MAX_FILE_BYTES } from '../../domain/network/import/prepare.ts'
import type { ImportOptions, NetworkRegistry } from './change-network.ts'
import type { DeliveredFile } from './read-delivery.ts'

export interface DeviceTableOrder {
  readonly files: readonly [DeliveredFile]
  /** As a person matched it; what it leaves out is guessed. */
  readonly mapping?: DeviceMapping
}

export type DeviceTableRead =
  | { readonly kind: 'bad'; readonly said: LocalizedText }
  | ({
      readonly kind: 'devices'
      readonly columns: LayerSummary['columns']
      readonly mapping: DeviceMapping
    } & DeviceRows)

/** Reads a table of devices elsewhere than in the main thread. */
export type ReadDeviceTable = (order: DeviceTableOrder) => Promise<DeviceTableRead>

const MAX_DEVICES = 20_000
const MAX_MISTAKES = 1000

/** What is done with the sheets once they are read. */
export function understandDevices(
  layers: readonly SourceLayer[],
  { mapping: given }: Omit<DeviceTableOrder, 'files'>,
): DeviceTableRead {
  const layer = deviceSheet(layers)
  if (layer === undefined) return { kind: 'bad', said: { zh: '文件里没有任何行', en: 'the file has no row' } }
  if (layer.rows.length > MAX_DEVICES)
    return {
      kind: 'bad',
      said: {
        zh: `一次最多 ${MAX_DEVICES} 台设备: 文件有 ${layer.rows.length} 行`,
        en: `${MAX_DEVICES} devices at most at once: the file has ${layer.rows.length} rows`,
      },
    }
  const mapping = given ?? guessDeviceMapping(layer)
  return { kind: 'devices', columns: summariseLayer(layer).columns, mapping, ...devicesOf(layer, mapping) }
}

export interface DeviceImportParts {
  readonly registry: Pick<NetworkRegistry, 'changeDevices'>
  readonly read: ReadDeviceTable
}

/**
 * Imports a table of devices, or says in a dry run what would become of it. Mistakes are an answer in a dry
 * run and a refusal otherwise; either way nothing is half imported.
 */
export async function importDevices(
  { registry, read }: DeviceImportParts,
  order: DeviceTableOrder,
  { by, dryRun = false }: Pick<ImportOptions, 'by' | 'dryRun'>,
): Promise<DeviceImportAnswer | Refusal> {
  const [file] = order.files
  if (file.bytes.byteLength > MAX_FILE_BYTES)
    return refuse('too-large', { zh: `${file.name} 超过 50 MB`, en: `${file.name} is larger than 50 MB` })
  const found = await read(order)
  if (found.kind === 'bad') return refuse('bad-value', found.said)
  const { columns, mapping, devices, rows } = found
  const answer = { rows: rows.length, columns, mapping }
  let mistakes = found.mistakes
  if (mistakes.length === 0) {
    const done = await registry.changeDevices({ verb: 'put', devices, rows, partial: true }, { by, dryRun })
    if (!isRefusal(done)) return { ...answer, ...done, mistakes: [] }
    if (done.errors === undefined) return done
    mistakes = done.errors.map((mistake) => inTable(mistake, mapping))
  }
  const nothing = { added: [], changed: [], removed: [], unchanged: 0, warnings: [], warningsEn: [] }
  if (dryRun) return { ...answer, ...nothing, mistakes: mistakes.slice(0, MAX_MISTAKES) }
  const count = String(mistakes.length)
  return refuse(
    'bad-value',
    {
      zh: `设备表有 ${count} 处错误,没有做任何改动`,
      en: `the table of devices has ${count} mistakes; nothing was changed`,
    },
    { errors: mistakes.map(asError) },
  )
}

/** A mistake at its row and in the words of its column. */
function inTable(
  { featureId, path, message, messageEn, origin }: ImportMistake,
  { fields }: DeviceMapping,
): TableMistake {
  const source = fields[path.split('/')[1] ?? '']
  const column = source === undefined ? undefined : columnOf(source)
  return {
    ...(origin === undefined ? {} : { row: origin[1] }),
    ...(column === undefined ? {} : { column }),
    ...(featureId === '' ? {} : { id: featureId }),
    message,
    messageEn: messageEn ?? message,
  }
}

function asError({ row, column = '', id = '', message, messageEn }: TableMistake): ImportMistake {
  const at = row === undefined ? {} : { origin: [0, row] as [number, number] }
  return { featureId: id, path: column, message, messageEn, ...at }
}
