import { shortTime } from './tell.ts'
import { URGENCIES, type Notification } from './notification.ts'

/** What a channel is given at once: one notification, or several as one message. */
export type Packet<Entry> = readonly [Entry, ...Entry[]]

/**
 * Shares out what a channel may still send. All go one by one while the tokens suffice; beyond that the
 * most urgent do, and the last token carries as many of the others as fit into one digest. Nothing is
 * dropped: what does not fit waits for the next token.
 */
export function pack<Entry extends { readonly notification: Notification }>(
  waiting: readonly Entry[],
  limits: { readonly tokens: number; readonly digestBytes: number },
): readonly Packet<Entry>[] {
  const sorted = [...waiting].sort((a, b) => byUrgency(a.notification, b.notification))
  const { tokens, digestBytes } = limits
  if (sorted.length <= tokens || digestBytes === 0) return sorted.slice(0, tokens).map((entry) => [entry])
  if (tokens < 1) return []
  const singles = sorted.slice(0, tokens - 1).map((entry): Packet<Entry> => [entry])
  const [first, ...rest] = sorted.slice(tokens - 1)
  if (first === undefined) return singles
  let bytes = bytesOf(digestLine(first.notification))
  const more = takeWhile(rest, ({ notification }) => {
    bytes += bytesOf(digestLine(notification)) + 1
    return bytes <= digestBytes
  })
  return [...singles, [first, ...more]]
}

/** One line of a digest; when it happened, since it may be late. */
export function digestLine({ dueAt, text }: Notification, language: 'zh' | 'en' = 'zh'): string {
  return `${shortTime(dueAt)} ${text[language]}`
}

function byUrgency(a: Notification, b: Notification): number {
  return URGENCIES.indexOf(a.urgency) - URGENCIES.indexOf(b.urgency) || a.dueAt - b.dueAt
}

function takeWhile<Item>(items: readonly Item[], fits: (item: Item) => boolean): readonly Item[] {
  const end = items.findIndex((item) => !fits(item))
  return end === -1 ? items : items.slice(0, end)
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}
