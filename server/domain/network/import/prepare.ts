import type { ImportMistake } from '#contract/import-mistake.ts'
import type { ImportAnswer, NetworkFile } from '#contract/network.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { Instant } from '../../instant.ts'
import { buildNetwork } from '../build.ts'
import { idsOf, type NetworkFeature } from '../features.ts'
import type { StandingFile } from '../listed-devices.ts'
import type { Department, Network } from '../network.ts'
import { handovers } from './handovers.ts'
import { keepListed } from './keep-listed.ts'
import { checkPlaces, checkShift } from './places.ts'
import { checkReferences } from './references.ts'
import { checkShape } from './shape.ts'
import { warningsOf } from './warnings.ts'

/** Larger files are refused before they are read. */
export const MAX_FILE_BYTES = 50 * 1024 * 1024
const MAX_MISTAKES = 1000

export type Prepared =
  | {
      readonly kind: 'good'
      /** The whole network as it will stand: what was there, with the file's changes. */
      readonly file: StandingFile
      readonly answer: ImportAnswer
    }
  | { readonly kind: 'bad'; readonly mistakes: readonly ImportMistake[] }

export interface Standing {
  readonly file: StandingFile
  readonly departments: readonly Department[]
}
const NOTHING: Standing = { file: { type: 'FeatureCollection', features: [] }, departments: [] }

export type CheckedFile =
  | { readonly kind: 'good'; readonly file: NetworkFile; readonly warnings: readonly string[] }
  | { readonly kind: 'bad'; readonly mistakes: readonly ImportMistake[] }

/** Checks a network file by itself. Lists every mistake by feature id and path; throws for none. */
export function checkNetworkFile(raw: unknown): CheckedFile {
  const prepared = prepareImport(raw, NOTHING, { replace: true, at: 0 })
  return prepared.kind === 'bad' ? prepared : { ...prepared, warnings: prepared.answer.warnings }
}

/** Reads the bytes of a file: UTF-8 or GB18030, with or without a byte order mark. */
export function readNetworkBytes(
  bytes: Uint8Array,
): { readonly raw: unknown } | { readonly mistake: ImportMistake } {
  if (bytes.byteLength > MAX_FILE_BYTES)
    return { mistake: ofFile('文件超过 50 MB', 'the file is larger than 50 MB') }
  if (bytes.byteLength === 0) return { mistake: ofFile('文件是空的', 'the file is empty') }
  try {
    const raw: unknown = JSON.parse(textOf(bytes))
    return { raw }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { mistake: ofFile(`不是有效的 JSON: ${why}`, `this is no valid JSON: ${why}`) }
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // Not UTF-8: the other encoding that Chinese GIS programs write.
    return new TextDecoder('gb18030').decode(bytes)
  }
}

function ofFile(message: string, messageEn: string): ImportMistake {
  return { featureId: '', path: '', message, messageEn }
}

/**
 * What an import would do to the network that stands: adds and changes by id, with `replace` also
 * removes what the file lacks. Nothing is done to `standing`. `at` is the instant of the import: whose
 * responsibility changes is judged by it.
 */
export function prepareImport(
  raw: unknown,
  standing: Standing,
  { replace, at }: { readonly replace: boolean; readonly at: Instant },
): Prepared {
  const shape = checkShape(raw)
  const before = standing.file.features
  const {
    features,
    listed,
    warnings: unlike,
  } = keepListed(standing.file, replace ? shape.features : merge(before, shape.features))
  const mistakes = [
    ...shape.mistakes,
    ...checkReferences(features, shape.wrongIds),
    ...checkPlaces(features),
    ...checkShift(before, shape.features),
  ]
  if (mistakes.length > 0) return { kind: 'bad', mistakes: bounded(mistakes) }

  const file: StandingFile = { type: 'FeatureCollection', features, ...(listed.length > 0 ? { listed } : {}) }
  const network: Network = buildNetwork(file, 0, standing.departments)
  const old = buildNetwork(standing.file, 0, standing.departments)
  const warnings = [...shape.warnings, ...unlike, ...handovers(old, network, at), ...warningsOf(network)]
  return { kind: 'good', file, answer: { ...difference(before, features), ...saidTwice(warnings) } }
}

/** Warnings as an answer has them, in Chinese and in English. */
export function saidTwice(warnings: readonly LocalizedText[]): Pick<ImportAnswer, 'warnings' | 'warningsEn'> {
  return { warnings: warnings.map(({ zh }) => zh), warningsEn: warnings.map(({ en }) => en) }
}

function bounded(mistakes: readonly ImportMistake[]): readonly ImportMistake[] {
  if (mistakes.length <= MAX_MISTAKES) return mistakes
  const left = mistakes.length - MAX_MISTAKES
  const more = ofFile(`还有 ${left} 处错误没有列出`, `${left} more mistakes are not listed`)
  return [...mistakes.slice(0, MAX_MISTAKES), more]
}

/** Features by key: assets by id, areas of one id together, for an area is handed over as a whole. */
function keyed(features: NetworkFile['features']): Map<string, readonly NetworkFeature[]> {
  const { assets, areas } = idsOf(features)
  return new Map<string, readonly NetworkFeature[]>([
    ...[...assets].map(([id, feature]) => [`asset ${id}`, [feature]] as const),
    ...[...areas].map(([id, parts]) => [`area ${id}`, parts] as const),
  ])
}

function merge(before: NetworkFile['features'], incoming: NetworkFile['features']): NetworkFile['features'] {
  return [...new Map([...keyed(before), ...keyed(incoming)]).values()].flat()
}

function difference(before: NetworkFile['features'], after: NetworkFile['features']) {
  const [old, now] = [keyed(before), keyed(after)]
  const id = (key: string) => key.slice(key.indexOf(' ') + 1)
  const same = (key: string) => old.get(key) === now.get(key) || sameText(old.get(key), now.get(key))
  return {
    added: [...now.keys()].filter((key) => !old.has(key)).map(id),
    changed: [...now.keys()].filter((key) => old.has(key) && !same(key)).map(id),
    removed: [...old.keys()].filter((key) => !now.has(key)).map(id),
  }
}

/** Fields come out of the check in the order of the schema, so equal text is equal content. */
function sameText(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
