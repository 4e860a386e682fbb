import type { ImportAnswer, NetworkFile } from '#contract/network.ts'
import { refuse, type Refusal } from '#contract/problem.ts'
import { wrongCrs } from '../../domain/network/import/shape.ts'
import { readNetworkBytes } from '../../domain/network/import/prepare.ts'

export interface ImportFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Where files go: the running server, or the registry itself when none runs. */
export type Submit = (
  bytes: Uint8Array,
  options: { readonly dryRun: boolean; readonly replace: boolean },
) => Promise<ImportAnswer | Refusal>

export interface ImportRun {
  readonly files: readonly ImportFile[]
  readonly dryRun: boolean
  readonly replace: boolean
  readonly submit: Submit
  /** One line for the person, without its end. */
  readonly print: (line: string) => void
  /** How far it is, 0 … 1, and with what. */
  readonly progress: (share: number, doing: string) => void
}

const MOST_LISTED = 20

/**
 * What `npm run import` does: several files are one network and go in together or not at all. A preview
 * comes first and nothing is asked. True when the network stands (or would, in a dry run).
 */
export async function importFiles(run: ImportRun): Promise<boolean> {
  const { submit, print, progress, dryRun, replace } = run
  progress(0, '读取')
  const together = readTogether(run.files)
  if (!(together instanceof Uint8Array)) return tellRefusal(together, print)

  progress(0.2, '检查')
  const preview = await submit(together, { dryRun: true, replace })
  if ('kind' in preview) return tellRefusal(preview, print)
  progress(dryRun ? 1 : 0.6, dryRun ? '完成' : '导入')
  tellPreview(preview, print)
  if (dryRun) {
    print('试运行: 没有做任何改动')
    return true
  }
  const done = await submit(together, { dryRun: false, replace })
  if ('kind' in done) return tellRefusal(done, print)
  progress(1, '完成')
  print(`已导入: 新增 ${done.added.length},更改 ${done.changed.length},移除 ${done.removed.length}`)
  return true
}

/** One file as it is; several as one collection, each read first so that a mistake names its file. */
function readTogether(files: readonly ImportFile[]): Uint8Array | Refusal {
  const [only, ...others] = files
  if (only === undefined) return refuse('bad-request', { zh: '没有给出文件', en: 'no file is given' })
  if (others.length === 0) return only.bytes
  const features: unknown[] = []
  for (const { name, bytes } of files) {
    const read = readNetworkBytes(bytes)
    if ('mistake' in read) {
      const said = {
        zh: `${name}: ${read.mistake.message}`,
        en: `${name} cannot be read: ${read.mistake.message}`,
      }
      return refuse('bad-network', said, { errors: [read.mistake] })
    }
    const found = featuresOf(read.raw)
    if (found === undefined)
      return refuse('bad-network', {
        zh: `${name}: 不是 GeoJSON 的 FeatureCollection`,
        en: `${name} is no FeatureCollection of GeoJSON`,
      })
    const wrong = wrongCrs((read.raw as { crs?: unknown }).crs)
    if (wrong !== undefined)
      return refuse('bad-network', { zh: `${name}: ${wrong}`, en: `${name}: ${wrong}` })
    features.push(...found)
  }
  return new TextEncoder().encode(JSON.stringify({ type: 'FeatureCollection', features }))
}

function featuresOf(raw: unknown): readonly unknown[] | undefined {
  const collection = raw as Partial<NetworkFile> | null
  if (typeof collection !== 'object' || collection?.type !== 'FeatureCollection') return undefined
  return Array.isArray(collection.features) ? collection.features : undefined
}

function tellPreview(answer: ImportAnswer, print: (line: string) => void): void {
  const lists = [
    ['新增', answer.added],
    ['更改', answer.changed],
    ['移除', answer.removed],
  ] as const
  for (const [word, ids] of lists) {
    const some = ids.slice(0, MOST_LISTED).join('、')
    print(
      `${word} ${ids.length}${ids.length === 0 ? '' : `: ${some}${ids.length > MOST_LISTED ? ' …' : ''}`}`,
    )
  }
  for (const warning of answer.warnings) print(`注意: ${warning}`)
}

function tellRefusal(refusal: Refusal, print: (line: string) => void): false {
  print(`未导入: ${refusal.detail}`)
  for (const { featureId, path, message } of refusal.errors ?? []) {
    print(`  ${[featureId, path].filter((part) => part !== '').join(' ')}: ${message}`)
  }
  return false
}
