import type { LocalizedText } from '#contract/text.ts'
import type { Instant } from '../../instant.ts'
import { assetOf } from '../assets.ts'
import type { Network } from '../network.ts'
import { responsibilityOf } from '../ownership.ts'
import { someOf } from './mistake.ts'

/**
 * Assets that another department is responsible for once `after` is in force, as sentences: a change of
 * management scope wants 48 hours' written notice (第四条B, A27). Open tickets stay where they are (A11).
 */
export function handovers(before: Network, after: Network, at: Instant): readonly LocalizedText[] {
  const moved = new Map<string, string[]>()
  for (const id of [...before.points.keys(), ...before.pipes.keys()]) {
    const [old, now] = [assetOf(before, id), assetOf(after, id)]
    if (old === undefined || now === undefined) continue
    const [from, to] = [responsibilityOf(before, old, at), responsibilityOf(after, now, at)]
    if (from.departmentId === to.departmentId) continue
    const way = JSON.stringify([from.departmentName, to.departmentName])
    moved.set(way, [...(moved.get(way) ?? []), id])
  }
  return [...moved].map(([way, ids]) => {
    const [from, to] = JSON.parse(way) as [string, string]
    const list = someOf(ids)
    return {
      zh: `${list.zh} 的责任部门由${from}转${to}: 管理范围变更须提前 48 小时书面通知调度中心(第四条B)`,
      en: `the responsibility for ${list.en} passes from ${from} to ${to}: such a change wants 48 hours' written notice to the dispatch centre (第四条B)`,
    }
  })
}
