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
    .flatMap((id) => [...stintsOf(book, id, { from, to })])
    .toSorted((a, b) => a.from - b.from)
}

/** Those of one department. */
export function* stintsOf(book: DutyBook, departmentId: string, stretch: Stretch): Generator<Stint> {
  const before = onDuty(book, { departmentId }, stretch.from - 1)
  let on = new Set(before.map(stintKey))
  for (const span of walkByInstant(book, departmentId, stretch)) {
    const now = span.on.filter((who) => who.departmentId === departmentId)
    for (const who of now) if (!on.has(stintKey(who))) yield { from: span.from, who }
    on = new Set(now.map(stintKey))
  }
}

export function stintKey({ groupId, member, why }: OnDuty): string {
  return `${groupId} ${member.id} ${isStanding(why) ? why.kind : `${why.id} ${String(why.from)}`}`
}

/** The groups of one instant follow each other. */
function* walkByInstant(book: DutyBook, departmentId: string, stretch: Stretch) {
  let last: { readonly from: Instant; readonly on: OnDuty[] } | undefined
  for (const { from, on } of walk(book, departmentId, stretch)) {
    if (last?.from === from) last.on.push(...on)
    else {
      if (last !== undefined) yield last
      last = { from, on: [...on] }
    }
  }
  if (last !== undefined) yield last
}
