import type { WatchedSubject } from '#contract/coverage.ts'
import type { Dictionary } from '../base/i18n/texts.ts'

/** How much is watched: devices as a count, pipes in kilometres. */
export function amountOf(subject: WatchedSubject, n: number, { common }: Pick<Dictionary, 'common'>): string {
  return subject === 'leak' ? common.kilometres((n / 1000).toFixed(1)) : n.toLocaleString('en')
}
