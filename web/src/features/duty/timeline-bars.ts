import type { DutySpan } from '#contract/duty-timeline.ts'
import { midnight } from '../../base/i18n/time.ts'

/** A piece of a row; left and width in percent of the row. */
interface Bar {
  readonly left: number
  readonly width: number
  readonly span: DutySpan
  readonly lacks: boolean
  /** Somebody is here by exception. */
  readonly changed: boolean
}

export interface Row {
  readonly key: string
  readonly departmentId: string
  readonly groupId: string
  readonly name: string
  readonly bars: readonly Bar[]
}

export interface Stretch {
  readonly from: number
  readonly to: number
}

/** Stands for the group that a department owes and does not have. */
const ABSENT = 'none'

/** One row a group, in the order of the roster; nobody needed and nobody there leaves a hole. */
export function timelineRows(spans: readonly DutySpan[], stretch: Stretch, now: number): readonly Row[] {
  const byGroup = Map.groupBy(spans, ({ departmentId, groupId }) => `${departmentId} ${groupId}`)
  return [...byGroup].flatMap(([key, each]) => {
    const [first] = each
    if (first === undefined) return []
    const { departmentId, groupId, groupName } = first
    const bars = each.filter(({ needed, on }) => needed > 0 || on.length > 0)
    if (groupId === ABSENT && bars.every(({ to }) => Date.parse(to) <= now)) return []
    return [{ key, departmentId, groupId, name: groupName, bars: bars.map((span) => barOf(span, stretch)) }]
  })
}

function barOf(span: DutySpan, stretch: Stretch): Bar {
  const left = percent(Date.parse(span.from), stretch)
  return {
    left,
    width: percent(Date.parse(span.to), stretch) - left,
    span,
    lacks: span.on.length < span.needed,
    changed: span.on.some(({ kind }) => kind === 'override' || kind === 'temporary'),
  }
}

/** Where an instant stands in a stretch, 0 … 100. */
export function percent(at: number, { from, to }: Stretch): number {
  return Math.min(100, Math.max(0, ((at - from) / (to - from)) * 100))
}

/** The midnights within a stretch. */
export function dayTicks({ from, to }: Stretch): readonly number[] {
  const ticks: number[] = []
  for (let day = 1, at = midnight(from, 1); at < to; at = midnight(from, ++day)) ticks.push(at)
  return ticks
}
