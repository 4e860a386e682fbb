import type { NoticeKind } from '#contract/vocabulary.ts'

interface NoticeDraft {
  readonly kind: NoticeKind
  readonly text: string
  /** Facilities that the notice is about. */
  readonly assetIds: readonly string[]
}

/** A notice that another page has prepared, until the form takes it. */
class Drafts {
  #waiting: NoticeDraft | undefined

  offer(draft: NoticeDraft): void {
    this.#waiting = draft
  }

  /** Once only: a form opened later begins empty. */
  take(): NoticeDraft | undefined {
    const draft = this.#waiting
    this.#waiting = undefined
    return draft
  }
}

export const noticeDraft = new Drafts()
