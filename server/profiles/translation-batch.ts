import type { Translation } from '../domain/translation/read-translation.ts'
import type { ForeignMessage, Recipe } from '../flows/foreign/translate.ts'

/** What the thread is given at a time; recipes are named by their places. */
export interface Batch {
  readonly recipes: readonly Recipe[]
  /** Without a message: is the expression one at all? */
  readonly jobs: readonly { readonly recipe: number; readonly message?: ForeignMessage }[]
}

export interface BatchAnswer {
  readonly results: readonly Translation[]
}
