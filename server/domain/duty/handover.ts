import type { HANDOVER_SIDES, HandoverState, OPEN_ITEM_KINDS } from '#contract/handover.ts'
import type { LocalizedText } from '#contract/text.ts'
import { refuse, type Refusal } from '#contract/problem.ts'
import type { Level } from '#contract/vocabulary.ts'
import type { Instant } from '../instant.ts'
import type { ClauseKey } from '../policy/clauses.ts'
import type { Author } from './book.ts'

/** Something that the next shift must know of: read from what is open at that instant. */
export interface OpenItem {
  readonly kind: (typeof OPEN_ITEM_KINDS)[number]
  readonly id: string
  readonly text: LocalizedText
  readonly level?: Level
  readonly dueAt?: Instant
}

interface HandoverItem extends OpenItem {
  /** The unsigned handover in which it was listed first. */
  readonly carriedFrom?: string
  /** False: carried over, and closed since. */
  readonly isOpen: boolean
}

/** 交接班: what one shift hands to the next, as it was when opened. Nothing of it ever changes. */
export interface Handover {
  readonly id: string
  readonly departmentId: string
  readonly openedAt: Instant
  readonly by: Author
  readonly note?: string
  readonly items: readonly HandoverItem[]
  /** Handovers that were not signed by both sides, and go on in this one. */
  readonly carried: readonly string[]
}

export type HandoverSide = (typeof HANDOVER_SIDES)[number]

export interface Signature {
  readonly side: HandoverSide
  readonly by: Author
  readonly at: Instant
  readonly note?: string
  /** Was the person on duty by the roster at that instant? Shown, never refused. */
  readonly isOnRoster: boolean
}

/** A handover with what has happened to it. */
export interface HandoverRecord {
  readonly handover: Handover
  readonly signatures: readonly Signature[]
  readonly carriedInto?: string
}

/** Lists what is open and what earlier unsigned handovers listed, so that nothing falls between shifts. */
export function openHandover(
  stamp: Pick<Handover, 'id' | 'departmentId' | 'openedAt' | 'by' | 'note'>,
  open: readonly OpenItem[],
  unsigned: readonly HandoverRecord[],
): Handover {
  const carried = new Map<string, HandoverItem>()
  for (const { handover } of unsigned.toSorted((a, b) => a.handover.openedAt - b.handover.openedAt)) {
    for (const item of handover.items) {
      const known = carried.get(keyOf(item))
      const carriedFrom = known?.carriedFrom ?? item.carriedFrom ?? handover.id
      carried.set(keyOf(item), { ...item, carriedFrom, isOpen: false })
    }
  }
  const items = open.map((item): HandoverItem => {
    const carriedFrom = carried.get(keyOf(item))?.carriedFrom
    return { ...item, isOpen: true, ...(carriedFrom === undefined ? {} : { carriedFrom }) }
  })
  const openKeys = new Set(open.map(keyOf))
  const closed = [...carried.values()].filter((item) => !openKeys.has(keyOf(item)))
  return { ...stamp, items: [...items, ...closed], carried: unsigned.map(({ handover }) => handover.id) }
}

/** One side signs; the same person cannot sign for both (第五条: two shifts, two people). */
export function refuseSignature(record: HandoverRecord, side: HandoverSide, by: Author): Refusal | undefined {
  const { signatures, carriedInto } = record
  if (carriedInto !== undefined) {
    return refuse(
      'wrong-state',
      { zh: '此交接班已并入后一次交接班,请在后一次签字', en: 'a later handover covers this one; sign that' },
      { clause: 'duty_hours' satisfies ClauseKey },
    )
  }
  if (signatures.some((each) => each.side === side)) {
    return refuse(
      'wrong-state',
      side === 'outgoing'
        ? { zh: '交班方已签字', en: 'whoever hands over has signed' }
        : { zh: '接班方已签字', en: 'whoever takes over has signed' },
      { clause: 'duty_hours' satisfies ClauseKey },
    )
  }
  if (signatures.some((each) => each.by.id === by.id)) {
    return refuse(
      'guard-refused',
      { zh: '交班和接班须由两人分别签字', en: 'two different people sign a handover' },
      { clause: 'duty_hours' satisfies ClauseKey },
    )
  }
  return undefined
}

export function handoverState({ signatures, carriedInto }: HandoverRecord): HandoverState {
  if (carriedInto !== undefined) return 'carried'
  if (signatures.length >= 2) return 'signed'
  return signatures.length === 1 ? 'half_signed' : 'unsigned'
}

function keyOf({ kind, id }: OpenItem): string {
  return `${kind} ${id}`
}
