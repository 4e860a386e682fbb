import Type from 'typebox'
import { refuse, type Refusal } from './problem.ts'

/** Signs that nobody sees: controls, zero-width and bidirectional marks, halves of a sign, and letters that are blank. */
const INVISIBLE = '\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\u115F\\u1160\\u2800\\u3164\\uFFA0'

/** What people, departments, facilities, groups and documents may be called: a letter or digit of any script, all of it visible. */
export const NAME_PATTERN = new RegExp(`^(?=.*[\\p{L}\\p{N}])[^${INVISIBLE}]*$`, 'u')
/** Also what only shapes a sign beside it; in a name it may stand, as Mongolian needs it. */
const UNREADABLE = `\\s\\p{Default_Ignorable_Code_Point}${INVISIBLE}`
const READABLE = new RegExp(`[^${UNREADABLE}]`, 'u')

/** A name in JSON; a longer one than `maxLength` characters fits into no list. */
export const nameOf = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: NAME_PATTERN.source, description: 'visible signs only' })

/** A text in JSON that somebody must be able to read. */
export const readableText = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: READABLE.source, description: 'not blank' })

/** What is said of a name that is none. */
export const WRONG_NAME = {
  zh: '须有可见的文字,不能含控制字符、零宽字符或方向控制字符',
  en: 'must have visible letters or digits, and no control, zero-width or bidirectional characters',
} as const

/** Undefined when `name` is one; `field` is what the body calls it. */
export function refuseName(field: string, name: string): Refusal | undefined {
  if (NAME_PATTERN.test(name)) return undefined
  return refuse('bad-value', { zh: `${field} ${WRONG_NAME.zh}`, en: `${field} ${WRONG_NAME.en}` })
}

/** True of a text in which there is nothing to read. */
export function isBlank(text: string): boolean {
  return !READABLE.test(text)
}

/** Who acts in the audit and the journal without being a person or a device. */
const RESERVED: ReadonlySet<string> = new Set([
  'local',
  'schedule',
  'detector',
  'unknown',
  'import',
  'secrets',
  'call-centre',
])

/** Undefined when somebody or something may have this id. */
export function refuseReserved(id: string): Refusal | undefined {
  if (!RESERVED.has(id)) return undefined
  return refuse('bad-value', {
    zh: `编号 ${id} 由系统保留,请另选一个`,
    en: `the id ${id} is reserved by the system; choose another`,
  })
}
