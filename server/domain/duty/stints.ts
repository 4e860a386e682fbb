import type { Instant } from '../instant.ts'
import { isStanding, type DutyBook, type OnDuty } from './book.ts'
import { onDuty } from './on-duty.ts'
import type { Stretch } from './gaps.ts'
import { walk } from './timeline.ts'

/** Somebody's turn, begun at `from`: the same person, group and reason without a break. */
export interface Stint {
  readonly from: Instant
  readonly who: OnDuty
}

/** Turns that begin in `[from, to)`, earliest first: each owes a phone test and a handover. */
export function stintsBeginning(
  book: DutyBook,
  departmentIds: readonly string[],
  { from, to }: Stretch,
): readonly Stint[] {
  return departmentIds
    .flatMap((id) => {
      const begun: Stint[] = []
      const before = onDuty(book, { departmentId: id }, from - 1)
      let on = new Map<string, number>(before.map((who) => [stintKey(who), from]))
      for (const span of walkByInstant(book, id, { from, to })) {
        const now = span.on.filter((who) => who.departmentId === id)
        for (const who of now) if (!on.has(stintKey(who))) begun.push({ from: span.from, who })
        on = new Map(now.map((who) => [stintKey(who), span.from]))
      }
      return begun
    })
    .toSorted((a, b) => a.from - b.from)
}

export function stintKey({ groupId, member, why }: OnDuty): string {
  return `${groupId} ${member.id} ${isStanding(why) ? why.kind : `${why.id} ${String(why.from)}`}`
}

function walkByInstant(book: DutyBook, departmentId: string, stretch: Stretch) {
  const spans = [...walk(book, departmentId, stretch)]
  return [...Map.groupBy(spans, ({ from }) => from)].map(([from, each]) => ({
    from,
    on: each.flatMap(({ on }) => on),
  }))
}
