import type { Encoding, Profile, ProfileEntry } from '#contract/profiles.ts'

/** A profile as its form holds it: topics are lines. */
export interface ProfileDraft {
  id: string
  zh: string
  en: string
  topics: string
  push: boolean
  encoding: Encoding
  expression: string
}

/** What an expression looks like, for somebody who begins with nothing. */
const EXAMPLE = `{
  "alias": "serial:" & body.sn,
  "ts": body.time,
  "values": {
    "chamber_c": body.temperature,
    "cover_tilt_deg": body.angle
  }
}`

export const NEW_DRAFT: ProfileDraft = {
  id: '',
  zh: '',
  en: '',
  topics: '',
  push: true,
  encoding: 'json',
  expression: EXAMPLE,
}

export function draftOf({
  id,
  title,
  topics = [],
  push = false,
  encoding,
  expression,
}: Profile): ProfileDraft {
  return { id, ...title, topics: topics.join('\n'), push, encoding, expression }
}

/** Whether there is enough to be sent; what is wrong with it the server says. */
export function isComplete({ id, zh, en, expression, topics, push }: ProfileDraft): boolean {
  const filled = [id, zh, en, expression].every((field) => field.trim() !== '')
  return filled && (push || topics.trim() !== '')
}

export function entryOf({ zh, en, topics, push, encoding, expression }: ProfileDraft): ProfileEntry {
  const lines = topics
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return {
    title: { zh: zh.trim(), en: en.trim() },
    ...(lines.length === 0 ? {} : { topics: lines }),
    ...(push ? { push } : {}),
    encoding,
    expression,
  }
}
