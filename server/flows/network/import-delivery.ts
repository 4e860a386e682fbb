import type { ImportGroup, ImportMistake } from '#contract/import-mistake.ts'
import type { Position } from '#contract/identity.ts'

import type { FilesAnswer, LayerSummary } from '#contract/network-mapping.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import { groupFindings } from '../../domain/network/delivery/group-findings.ts'
import { MAX_FILE_BYTES } from '../../domain/network/import/prepare.ts'
import type { Network } from '../../domain/network/network.ts'
import type { ImportOptions, NetworkRegistry } from './change-network.ts'
import type { DeliveryOrder, Progress, ReadDelivery } from './read-delivery.ts'

export interface DeliveryParts {
  readonly registry: Pick<NetworkRegistry, 'current' | 'import'>
  readonly read: ReadDelivery
}

export interface DeliveryOptions extends ImportOptions {
  readonly progress?: Progress
  /** Is given the network file that the delivery was turned into. */
  readonly show?: (geoJson: Uint8Array) => void
}

const NO_CHANGE = { added: [], changed: [], removed: [], warnings: [] }

/**
 * Imports files of other programs as one network, or says in a dry run what would become of them. What stands
 * against it is an answer in a dry run and a refusal otherwise; either way nothing is half imported.
 */
export async function importDelivery(
  { registry, read }: DeliveryParts,
  order: DeliveryOrder,
  options: DeliveryOptions,
): Promise<FilesAnswer | Refusal> {
  const large = order.files.find(({ bytes }) => bytes.byteLength > MAX_FILE_BYTES)
  if (large !== undefined) {
    return refuse('too-large', { zh: `${large.name} 超过 50 MB`, en: `${large.name} is larger than 50 MB` })
  }
  const near = middleOf(registry.current())
  const found = await read({ ...order, ...(near === undefined ? {} : { near }) }, options.progress)
  if (found.kind === 'bad') return refuse('bad-network', found.said)
  const { geoJson, layers, mapping, notes, residualsM } = found
  options.show?.(geoJson)
  const answer = { layers, mapping, notes, ...(residualsM === undefined ? {} : { residualsM }) }
  const done = found.problems.length > 0 ? found.problems : await registry.import(geoJson, options)
  if (!Array.isArray(done) && !isRefusal(done)) return { ...answer, ...done, problems: [] }
  if (isRefusal(done) && done.errors === undefined) return done
  const problems = isRefusal(done) ? groupsOf(done.errors ?? [], layers) : [...done]
  if (options.dryRun === true) {
    return { ...answer, ...NO_CHANGE, problems }
  }
  const count = problems.reduce((sum, group) => sum + group.count, 0)
  return refuse(
    'bad-network',
    {
      zh: `文件有 ${count} 处错误或未定之处,没有做任何改动`,
      en: `the files have ${count} mistakes or open questions; nothing was changed`,
    },
    { groups: problems },
  )
}

function middleOf({ points }: Network): Position | undefined {
  const places = [...points.values()].map(({ position }) => position)
  if (places.length === 0) return undefined
  const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
  return [median(places.map(([lon]) => lon)), median(places.map(([, lat]) => lat))]
}

/** Mistakes of the network file, at the places in the delivery that they come from. */
function groupsOf(mistakes: readonly ImportMistake[], layers: readonly LayerSummary[]): ImportGroup[] {
  return groupFindings(
    mistakes.map(({ featureId: id, message, messageEn, origin: [layer, row] = [-1, 0] }) => {
      const from = layers[layer]
      return {
        message: { zh: message, en: messageEn ?? message },
        ...(from === undefined ? {} : { file: from.file, layer: from.layer, row }),
        ...(id === '' ? {} : { id }),
      }
    }),
  )
}
