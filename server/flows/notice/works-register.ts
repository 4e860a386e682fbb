import type { Instant } from '../../domain/instant.ts'
import { worksAt, type Notice } from '../../domain/notice/notice.ts'
import type { DecisionStore } from '../decisions/decisions.ts'

/** Planned works in memory: the detector asks for them at every finding and cannot wait for a store. */
export interface WorksRegister {
  /** What is announced for this very asset at an instant: it annotates and silences nothing (Ex 10). */
  at(assetId: string, at: Instant): string | undefined
  /** A notice that has just been published. */
  add(notice: Notice): void
}

/** Notices that are over are forgotten after so long: a late reading may still ask for them. */
const KEPT_MS = 7 * 24 * 3600 * 1000

export async function createWorksRegister(store: DecisionStore, now: Instant): Promise<WorksRegister> {
  let known = await store.read.notices.current(now - KEPT_MS)
  return {
    at: (assetId, at) => worksAt(known, assetId, at)?.text,
    add(notice) {
      const oldest = notice.enteredAt - KEPT_MS
      known = [notice, ...known.filter(({ until }) => until === undefined || until > oldest)]
    },
  }
}
