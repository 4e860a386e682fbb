import { refuse, type Refusal } from '#contract/problem.ts'
import { instantText, MINUTE, type Instant } from '../instant.ts'
import type { Author } from './book.ts'
import type { ContingencyItem } from './contingency-items.ts'

/** One tick of one item; a mistake is taken back by another tick. Append-only. */
export interface Tick {
  readonly id: string
  readonly ticketId: string
  readonly itemId: string
  readonly done: boolean
  readonly occurredAt: Instant
  readonly enteredAt: Instant
  readonly by: Author
  readonly onBehalf?: boolean
  readonly late?: boolean
  readonly note?: string
}

export interface TickedItem extends ContingencyItem {
  readonly done: boolean
  /** In the order of entry. */
  readonly history: readonly Tick[]
}

/** The checklist with what was ticked; the last entry of an item holds. */
export function ticked(items: readonly ContingencyItem[], ticks: readonly Tick[]): readonly TickedItem[] {
  return items.map((item) => {
    const history = ticks.filter(({ itemId }) => itemId === item.id)
    return { ...item, done: history.at(-1)?.done === true, history }
  })
}

/** When the plan was started: the first tick that was ever set (R-65 「最快速度启动应急预案程序」). */
export function startedAt(ticks: readonly Tick[]): Instant | undefined {
  const set = ticks.filter(({ done }) => done).map(({ occurredAt }) => occurredAt)
  return set.length === 0 ? undefined : Math.min(...set)
}

/** Not before the ticket opened, not in the future; entered long afterwards it is flagged (G6). */
export function tickTime(
  occurredAt: Instant | undefined,
  on: { readonly openedAt: Instant; readonly at: Instant; readonly lateEntryMinutes: number },
): { readonly occurredAt: Instant; readonly late: boolean } | Refusal {
  const { openedAt, at, lateEntryMinutes } = on
  const when = occurredAt ?? at
  if (when > at)
    return refuse('bad-time', {
      zh: `发生时间在将来: ${instantText(when)}`,
      en: `the time lies in the future: ${instantText(when)}`,
    })
  if (when < openedAt)
    return refuse('bad-time', {
      zh: `发生时间早于 ${instantText(openedAt)}`,
      en: `the time lies before ${instantText(openedAt)}`,
    })
  return { occurredAt: when, late: at - when > lateEntryMinutes * MINUTE }
}
