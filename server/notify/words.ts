import { digestLine } from '../domain/notification/digest.ts'
import type { Message } from '../flows/notification/outbox.ts'

export type Language = 'zh' | 'en'

const WORDS = {
  zh: { why: '通知原因', to: '通知', digest: (count: number) => `热网哨:${String(count)} 条通知` },
  en: { why: 'why', to: 'for', digest: (count: number) => `Wellwatch: ${String(count)} notifications` },
}

/** A message in words: what, why and for whom; of a digest a line for each. */
export function wordsOf({ notifications, people }: Message, language: Language) {
  const [first, ...rest] = notifications
  const words = WORDS[language]
  const names = people.map(({ name }) => name).join('、')
  const to = names === '' ? [] : [`${words.to}: ${names}`]
  if (rest.length > 0) {
    const lines = notifications.map((each) => digestLine(each, language))
    return { title: words.digest(notifications.length), lines: [...lines, ...to] }
  }
  const { text, reason } = first
  const why = `${words.why}: ${reason[language]}${reason.clause === 'I' ? '' : ` (${reason.clause})`}`
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
