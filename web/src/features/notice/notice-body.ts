import type { NoticeRequest } from '#contract/notice.ts'
import type { NoticeKind } from '#contract/vocabulary.ts'
import { isoText, parseAfter, parseLocal } from '../../base/i18n/time.ts'

/** A notice as it is written; times as typed. */
export interface WrittenNotice {
  readonly kind: NoticeKind
  /** Takes effect when it is sent, whatever the clock says by then. */
  readonly atOnce: boolean
  readonly effective: string
  readonly until: string
  /** Empty: now. */
  readonly received: string
  readonly text: string
  readonly documentId: string
  readonly areaIds: readonly string[]
  readonly assetIds: readonly string[]
}

/** The instants that a notice stands for at `now`; undefined where nothing or no time is typed. */
export function noticeTimes(
  { atOnce, effective, until, received }: Pick<WrittenNotice, 'atOnce' | 'effective' | 'until' | 'received'>,
  now: number,
) {
  const from = atOnce ? now : parseLocal(effective, now, true)
  return {
    from,
    to: parseAfter(until, from ?? now),
    at: received.trim() === '' ? now : parseLocal(received, now),
  }
}

/** The request; undefined while something is missing or not a time. */
export function noticeBody(written: WrittenNotice, now: number): NoticeRequest | undefined {
  const { from, to, at } = noticeTimes(written, now)
  const [text, documentId] = [written.text.trim(), written.documentId.trim()]
  if (from === undefined || at === undefined || text === '') return undefined
  if (to === undefined && written.until.trim() !== '') return undefined
  if (documentId === '' && written.kind !== 'fault_outage') return undefined
  return {
    kind: written.kind,
    effectiveAt: isoText(from),
    ...(written.received.trim() === '' ? {} : { receivedAt: isoText(at) }),
    ...(to === undefined ? {} : { until: isoText(to) }),
    ...(written.assetIds.length === 0 ? {} : { assetIds: [...written.assetIds] }),
    ...(written.areaIds.length === 0 ? {} : { areaIds: [...written.areaIds] }),
    text,
    ...(documentId === '' ? {} : { documentId }),
  }
}
