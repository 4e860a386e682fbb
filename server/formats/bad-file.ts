import type { LocalizedText } from '#contract/text.ts'

/** A file that cannot be read, in words for the person who sent it. */
export class BadFile extends Error {
  override readonly name = 'BadFile'
  readonly said: LocalizedText
  readonly row: number | undefined
  constructor(zh: string, en: string, row?: number) {
    super(en)
    this.said = { zh, en }
    this.row = row
  }
}
