import { digestLine } from '../domain/notification/digest.ts'
import { isInferred } from '../domain/notification/notification.ts'
import type { Message } from '../flows/notification/outbox.ts'

export type Language = 'zh' | 'en'

const WORDS = {
  zh: { why: '通知原因', to: '通知', digest: (count: number) => `热网哨:${String(count)} 条通知` },
  en: { why: 'why', to: 'for', digest: (count: number) => `Wellwatch: ${String(count)} notifications` },
}

/** Ends of lines and other controls; signs that turn the direction of all that follows. */
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** What a caller or a file said forges no line of ours in a message and turns none around. */
function oneLine(text: string): string {
  return text.replaceAll(TURNS, '').replaceAll(BREAKS, ' ')
}

/** A message in words: what, why and for whom; of a digest a line for each. */
export function wordsOf(message: Message, language: Language) {
  const { title, lines } = said(message, language)
  return { title: oneLine(title), lines: lines.map(oneLine) }
}

function said({ notifications, people }: Message, language: Language) {
  const [first, ...rest] = notifications
  const words = WORDS[language]
  const names = people.map(({ name }) => name).join('、')
  const to = names === '' ? [] : [`${words.to}: ${names}`]
  if (rest.length > 0) {
    const lines = notifications.map((each) => digestLine(each, language))
    return { title: words.digest(notifications.length), lines: [...lines, ...to] }
  }
  const { text, reason } = first
  const why = `${words.why}: ${reason[language]}${isInferred(reason.clause) ? '' : ` (${reason.clause})`}`
  return { title: text[language], lines: [why, ...to] }
}

/** Cut at a whole character so that the UTF-8 bytes fit. */
export function fit(text: string, mostBytes: number): string {
  if (Buffer.byteLength(text) <= mostBytes) return text
  let kept = ''
  let bytes = Buffer.byteLength('…')
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > mostBytes) break
    kept += character
  }
  return `${kept}…`
}

/** Who is called by name in a group, on alarms only: everything else must not ring at night. */
export function phonesToRing({ notifications, people }: Message): readonly string[] {
  if (notifications.every(({ urgency }) => urgency !== 'alarm')) return []
  return people.flatMap(({ phone }) => (phone === undefined ? [] : [phone.replaceAll(/[^\d+]/g, '')]))
}
