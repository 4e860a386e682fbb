import type { Refusal } from '#contract/problem.ts'

/** An expected no on its way out of a handler. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.detail)
    this.refusal = refusal
  }
}
