import type { ImportGroup } from '#contract/import-mistake.ts'
import type { FieldSource, FilesAnswer } from '#contract/network-mapping.ts'
import { refuse, type Refusal } from '#contract/problem.ts'
import type { DeliveryOrder, Progress } from './read-delivery.ts'

/** Where files go: the running server, or this process when none runs. */
export type Submit = (
  order: DeliveryOrder,
  options: { readonly dryRun: boolean; readonly replace: boolean; readonly progress: Progress },
) => Promise<FilesAnswer | Refusal>

export interface ImportRun {
  readonly order: DeliveryOrder
  readonly dryRun: boolean
  readonly replace: boolean
  readonly submit: Submit
  /** One line for the person, without its end. */
  readonly print: (line: string) => void
  /** How far it is, 0 … 1, and with what. */
  readonly progress: (share: number, doing: string) => void
}

const MAX_LISTED = 20

/**
 * What `npm run import` does: several files are one network and go in together or not at all. A preview
 * comes first and nothing is asked. True when the network stands (or would, in a dry run).
 */
export async function importFiles(run: ImportRun): Promise<boolean> {
  const { order, submit, print, progress, dryRun, replace } = run
  progress(0, '读取')
  if (order.files.length === 0) {
    return tellRefusal(refuse('bad-request', { zh: '没有给出文件', en: 'no file is given' }), print)
  }
  const part = (from: number, to: number) => (share: number) => progress(from + share * (to - from), '检查')
  const preview = await submit(order, { dryRun: true, replace, progress: part(0, dryRun ? 1 : 0.5) })
  if ('kind' in preview) return tellRefusal(preview, print)
  tellPreview(preview, print)
  if (preview.problems.length > 0) return false
  if (dryRun) {
    progress(1, '完成')
    print('试运行: 没有做任何改动')
    return true
  }
  progress(0.5, '导入')
  const done = await submit(order, { dryRun: false, replace, progress: part(0.5, 1) })
  if ('kind' in done) return tellRefusal(done, print)
  progress(1, '完成')
  print(`已导入: 新增 ${done.added.length},更改 ${done.changed.length},移除 ${done.removed.length}`)
  return true
}

function tellPreview(answer: FilesAnswer, print: (line: string) => void): void {
  for (const { file, layer, count, crs } of answer.layers) {
    const own = answer.mapping.layers.find((one) => one.file === file && one.layer === layer)
    const kind = own?.kind ?? (own?.kindFrom === undefined ? '?' : `按列 ${own.kindFrom.column}`)
    print(`图层 ${file} › ${layer}: ${count} 行,类别 ${kind},坐标系 ${crs ?? '未写明'}`)
    print(
      `  对应: ${Object.entries(own?.fields ?? {})
        .map(matchText)
        .join('、')}`,
    )
  }
  if (answer.residualsM !== undefined) {
    print(`控制点残差(米): ${answer.residualsM.map((metres) => metres.toFixed(3)).join('、')}`)
  }
  for (const group of answer.notes) print(`注意: ${groupText(group)}`)
  if (answer.problems.length > 0) {
    print('未导入:')
    for (const group of answer.problems) print(`  ${groupText(group)}`)
    return
  }
  const lists = [
    ['新增', answer.added],
    ['更改', answer.changed],
    ['移除', answer.removed],
  ] as const
  for (const [word, ids] of lists) {
    const some = ids.slice(0, MAX_LISTED).join('、')
    print(`${word} ${ids.length}${ids.length === 0 ? '' : `: ${some}${ids.length > MAX_LISTED ? ' …' : ''}`}`)
  }
  for (const warning of answer.warnings) print(`注意: ${warning}`)
}

function matchText([field, source]: [string, FieldSource]): string {
  if (typeof source === 'string') return `${field} ← ${source}`
  return 'value' in source ? `${field} = ${String(source.value)}` : `${field} ← ${source.column}`
}

/** One line for one kind: what is wrong, how often, and where first. */
function groupText({ message, messageEn, count, first }: ImportGroup): string {
  const places = first.map(({ file, layer, row, id }) =>
    [file, layer === file ? undefined : layer, row === undefined ? undefined : `第 ${row} 行`, id]
      .filter((part) => part !== undefined)
      .join(' › '),
  )
  const where = places.filter((place) => place !== '').join('; ')
  return `${message} (${messageEn})${count > 1 ? ` × ${count}` : ''}${where === '' ? '' : `: ${where}`}`
}

function tellRefusal(refusal: Refusal, print: (line: string) => void): false {
  print(`未导入: ${refusal.detail} (${refusal.detailEn})`)
  for (const group of refusal.groups ?? []) print(`  ${groupText(group)}`)
  return false
}
