import type { DeviceImportAnswer, TableMistake } from '#contract/device-list.ts'
import { isRefusal, type Refusal } from '#contract/problem.ts'
import type { DeviceTableOrder } from './import-devices.ts'

/** Where a table goes: the running server, or this process when none runs. */
export type SubmitDevices = (
  order: DeviceTableOrder,
  options: { readonly dryRun: boolean },
) => Promise<DeviceImportAnswer | Refusal>

const MAX_LISTED = 20

/**
 * What `npm run devices -- import` does: a preview comes first and nothing is asked. True when the devices
 * stand so (or would, in a dry run).
 */
export async function tellDevices(run: {
  readonly submit: (options: { readonly dryRun: boolean }) => Promise<DeviceImportAnswer | Refusal>
  readonly dryRun: boolean
  /** One line for the person, without its end. */
  readonly print: (line: string) => void
}): Promise<boolean> {
  const { submit, dryRun, print } = run
  const preview = await submit({ dryRun: true })
  if (isRefusal(preview)) return tellRefusal(preview, print)
  const { rows, mapping, mistakes, added, changed, unchanged, warnings } = preview
  const matched = Object.entries(mapping.fields).map(
    ([field, source]) => `${field} ← ${typeof source === 'string' ? source : JSON.stringify(source)}`,
  )
  print(`${rows} 行 (rows); ${matched.join('、')}`)
  if (mistakes.length > 0) {
    print(`未导入 (not imported): ${mistakes.length} 处错误 (mistakes)`)
    for (const mistake of mistakes.slice(0, MAX_LISTED)) print(`  ${mistakeText(mistake)}`)
    if (mistakes.length > MAX_LISTED) print('  …')
    return false
  }
  print(`新增 (new) ${added.length},更改 (changed) ${changed.length},不变 (unchanged) ${unchanged}`)
  for (const warning of warnings) print(`注意: ${warning}`)
  if (dryRun) {
    print('试运行: 没有做任何改动 (dry run: nothing was changed)')
    return true
  }
  const done = await submit({ dryRun: false })
  if (isRefusal(done)) return tellRefusal(done, print)
  print(`已导入 (imported): 新增 ${done.added.length},更改 ${done.changed.length},不变 ${done.unchanged}`)
  return true
}

function mistakeText({ row, column, id, message, messageEn }: TableMistake): string {
  const place = [row === undefined ? undefined : `第 ${row} 行`, column, id].filter(
    (part) => part !== undefined,
  )
  return `${place.join(' › ')}${place.length === 0 ? '' : ': '}${message} (${messageEn})`
}

function tellRefusal({ detail, detailEn }: Refusal, print: (line: string) => void): false {
  print(`未导入: ${detail} (${detailEn})`)
  return false
}
