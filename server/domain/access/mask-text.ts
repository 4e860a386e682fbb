import { normalPhone } from '../phone.ts'

/** A mobile number, or one with its area code, not in the middle of an id or a longer number. */
const PHONE =
  /(?<![0-9A-Za-z]|[0-9A-Za-z]-)(?:\+?86[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|\(?0\d{2,3}\)?[- ]?\d{7,8})(?![0-9A-Za-z])/g
/** Five digits are the shortest number that intake takes, whatever is written between them. */
const ANY_NUMBER = /\d(?:[^\p{L}\d;]{0,3}\d){4,}/gu
/** Names and times of ours, which no person has typed. */
const NOT_TYPED = /^(id|run|number|externalNumber|.*Ids?|.*At)$/

/** `138****1234`: the first three and the last four digits; a short number shows nothing. */
export function maskPhone(phone: string): string {
  const digits = normalPhone(phone)
  return digits.length < 8 ? '****' : `${digits.slice(0, 3)}****${digits.slice(-4)}`
}

/** The surname, or the first letter. */
export function maskName(name: string): string {
  return `${[...name][0] ?? ''}**`
}

/** Words as typed, without the telephone numbers that stand in them. */
export function maskNumbers(text: string): string {
  return text.replaceAll(PHONE, maskPhone)
}

/** Words in which a number may be written in any way: every row of five digits goes. */
export function maskAnyNumber(text: string): string {
  return text.replaceAll(ANY_NUMBER, '****')
}

/** A view with the telephone numbers masked in all that people have typed, however deep it lies. */
export function maskDeep<T>(value: T, key = ''): T {
  if (typeof value === 'string') return (NOT_TYPED.test(key) ? value : maskNumbers(value)) as T
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each: unknown) => maskDeep(each, key)) as T
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, maskDeep(each, name)])) as T
}
