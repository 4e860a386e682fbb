import type { BlindReason } from '#contract/coverage.ts'
import type { Dictionary } from '../../base/i18n/texts.ts'

/** Why nothing of a signal is seen, in words. */
export function blindWhy(why: BlindReason, { watching, words }: Dictionary): string {
  return why === 'never_heard' || why === 'never_came' || why === 'stopped'
    ? watching.reasons[why]
    : words.faults[why]
}
