import type { OverrideRequest } from '#contract/duty.ts'
import { isoText, parseAfter, parseLocal } from '../../base/i18n/time.ts'

export const CHANGES = ['replace', 'add', 'remove', 'swap', 'temporary'] as const
export type Change = (typeof CHANGES)[number]

/** A turn of the form; times as typed. */
export interface TypedPart {
  readonly memberId: string
  readonly from: string
  readonly to: string
}

export interface ChangeDraft {
  readonly change: Change
  readonly departmentId: string
  readonly groupId: string
  /** Who goes, or the first of a swap. */
  readonly off: string
  /** Who comes, or the second of a swap. */
  readonly on: string
  readonly from: string
  readonly to: string
  /** The turn of the second of a swap. */
  readonly otherFrom: string
  readonly otherTo: string
  readonly parts: readonly TypedPart[]
  readonly reason: string
}

/** The request that a form stands for; undefined while something is missing or not a time. */
export function changeBody(draft: ChangeDraft, now: number): OverrideRequest | undefined {
  const { change, departmentId, groupId, off, on } = draft
  const reason = draft.reason.trim() === '' ? {} : { reason: draft.reason.trim() }
  const times = stretchOf(draft.from, draft.to, now)
  if (groupId === '' || times === undefined) return undefined
  const base = { departmentId, groupId, ...reason }
  if (change === 'swap') {
    const other = stretchOf(draft.otherFrom, draft.otherTo, now)
    if (off === '' || on === '' || off === on || other === undefined) return undefined
    return { kind: 'swap', ...base, first: { memberId: off, ...times }, second: { memberId: on, ...other } }
  }
  if (change === 'temporary') {
    const parts = draft.parts.map(({ memberId, from, to }) => {
      const own = stretchOf(from, to, now)
      return memberId === '' || own === undefined ? undefined : { memberId, ...own }
    })
    const whole = parts.filter((part) => part !== undefined)
    return whole.length < parts.length ? undefined : { kind: 'temporary', ...base, ...times, parts: whole }
  }
  if (change !== 'add' && off === '') return undefined
  if (change !== 'remove' && on === '') return undefined
  return {
    kind: 'override',
    ...base,
    ...times,
    ...(change === 'add' ? {} : { remove: off }),
    ...(change === 'remove' ? {} : { add: on }),
  }
}

function stretchOf(from: string, to: string, now: number) {
  const begin = parseLocal(from, now, true)
  const end = begin === undefined ? undefined : parseAfter(to, begin)
  if (begin === undefined || end === undefined || end <= begin) return undefined
  return { from: isoText(begin), to: isoText(end) }
}
