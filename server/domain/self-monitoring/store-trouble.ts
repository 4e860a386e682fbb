import type { LocalizedText } from '#contract/text.ts'
import { MINUTE } from '../instant.ts'
import { minutesText } from './amount-words.ts'

/** What the readings store says of itself at one moment. */
export interface StoreState {
  readonly storeKind: string
  readonly storeProblem: string | undefined
  readonly storeStuckMs: number
  /** Times in a row that the thread which stores readings stored some and fell all the same. */
  readonly storeRelapses: number
  /** Acknowledged messages that could not be stored, and the directory in which they are kept. */
  readonly unstorableMessages: number
  readonly unstorableDir: string
}

interface StoreTrouble {
  readonly text: LocalizedText
  readonly detail?: string
}

/** A consumer that has work and does none for so long is stuck. */
export const STUCK_MS = MINUTE
/** A single fall is mended by the start of another thread. */
const MIN_RELAPSES = 2

/**
 * What is wrong with the store of readings, the gravest first; undefined where all is well.
 * @param state times in ms
 */
export function storeTrouble(state: StoreState): StoreTrouble | undefined {
  const { storeProblem, storeStuckMs, storeRelapses, unstorableMessages } = state
  if (storeRelapses >= MIN_RELAPSES) return falls(state)
  if (storeProblem !== undefined || storeStuckMs >= STUCK_MS) return takesNothing(state)
  return unstorableMessages === 0 ? undefined : unstorable(state)
}

function falls({ storeRelapses, storeProblem }: StoreState): StoreTrouble {
  const count = String(storeRelapses)
  const text = {
    zh: `历史库的写入线程已连续崩溃 ${count} 次,重启间隔逐次加长:曲线滞后,数据在日志中等待补写,报警与工单不受影响`,
    en: `the writer of the history has crashed ${count} times on end and starts again ever more slowly: curves lag, data waits in the journal, alarms and tickets go on`,
  }
  return storeProblem === undefined ? { text } : { text, detail: storeProblem }
}

function takesNothing({ storeKind, storeProblem, storeStuckMs }: StoreState): StoreTrouble {
  const [zh, en] = storeKind === 'embedded' ? ['历史库', 'the history store'] : [storeKind, storeKind]
  const text = {
    zh: `${zh} 不能写入:曲线暂停更新,数据在日志中等待补写,报警与工单不受影响`,
    en: `${en} takes nothing: curves stand still, data waits in the journal, alarms and tickets go on`,
  }
  return { text, detail: storeProblem ?? minutesText(storeStuckMs) }
}

function unstorable({ unstorableMessages, unstorableDir }: StoreState): StoreTrouble {
  const count = String(unstorableMessages)
  const text = {
    zh: `有 ${count} 条已确认的消息使历史库的写入线程崩溃,已单独存放,其余数据照常保存:请工程师查看`,
    en: `${count} acknowledged messages crash the writer of the history and were set aside, all others are stored: an engineer should look at them`,
  }
  return { text, detail: unstorableDir }
}
