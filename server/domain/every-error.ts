import type { TSchema } from 'typebox'
import { Settings } from 'typebox/system'
import { Errors } from 'typebox/value'

/** More than any file of ours can be wrong in; the library stops at 8 by itself. */
const MOST = 10_000

export type ShapeError = ReturnType<typeof Errors>[number]

/** Everything in which a value's shape is wrong, in the library's words. */
export function everyError(schema: TSchema, value: unknown): readonly ShapeError[] {
  const { maxErrors } = Settings.Get()
  Settings.Set({ maxErrors: MOST })
  try {
    return Errors(schema, value)
  } finally {
    Settings.Set({ maxErrors })
  }
}
