import type { Instant } from '../../instant.ts'
import { assetOf } from '../assets.ts'
import type { Network } from '../network.ts'
import { responsibilityOf } from '../ownership.ts'
import { someOf } from './mistake.ts'

/**
 * Assets that another department is responsible for once `after` is in force, as sentences: a change of
 * management scope wants 48 hours' written notice (第四条B, A27). Open tickets stay where they are (A11).
 */
export function handovers(before: Network, after: Network, at: Instant): readonly string[] {
  const moved = new Map<string, string[]>()
  for (const id of [...before.points.keys(), ...before.pipes.keys()]) {
    const [old, now] = [assetOf(before, id), assetOf(after, id)]
    if (old === undefined || now === undefined) continue
    const [from, to] = [responsibilityOf(before, old, at), responsibilityOf(after, now, at)]
    if (from.departmentId === to.departmentId) continue
    const way = `由${from.departmentName}转${to.departmentName}`
    moved.set(way, [...(moved.get(way) ?? []), id])
  }
  return [...moved].map(
    ([way, ids]) => `${someOf(ids)} 的责任部门${way}: 管理范围变更须提前 48 小时书面通知调度中心(第四条B)`,
  )
}
