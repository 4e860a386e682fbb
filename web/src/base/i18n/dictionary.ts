/** The same keys with other words: a missing or superfluous string fails the type check. */
export type Translated<T> = {
  readonly [Key in keyof T]: T[Key] extends string
    ? string
    : T[Key] extends (...values: infer Values) => string
      ? (...values: Values) => string
      : Translated<T[Key]>
}
export type Language = 'zh' | 'en'
