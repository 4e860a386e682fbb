export type KeyAction =
  | 'down'
  | 'up'
  | 'open'
  | 'acknowledge'
  | 'undo'
  | 'fit'
  | 'hotline'
  | 'search'
  | 'help'
  | 'leave'
  | 'save'
  | 'route'
  | 'shelve'
  | 'ticket'
  | 'valves'
  | 'notice'
  | 'earlier'
  | 'later'
  | 'play'

export interface KeyPress {
  readonly key: string
  readonly code?: string
  readonly isComposing: boolean
  readonly keyCode?: number
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

const PLAIN: Readonly<Record<string, KeyAction>> = {
  j: 'down',
  k: 'up',
  a: 'acknowledge',
  z: 'undo',
  f: 'fit',
  h: 'hotline',
  t: 'route',
  s: 'shelve',
  g: 'ticket',
  v: 'valves',
  n: 'notice',
  '[': 'earlier',
  '【': 'earlier',
  ']': 'later',
  '】': 'later',
  p: 'play',
  '/': 'search',
  '?': 'help',
  enter: 'open',
}

/**
 * What a key means. While an input method composes, nothing is a shortcut (code 229 is how browsers
 * mark it when the event comes too early); while somebody types, only Esc and Ctrl+Enter are.
 */
export function keyAction(press: KeyPress, typing: boolean): KeyAction | undefined {
  if (press.isComposing || press.keyCode === 229) return undefined
  if (press.key === 'Escape') return 'leave'
  if (press.key === 'Enter' && (press.ctrlKey || press.metaKey)) return 'save'
  if (typing || press.ctrlKey || press.metaKey || press.altKey) return undefined
  // A full-width “?” or “/” comes from a Chinese keyboard layout without composing.
  const key = press.key === '?' ? '?' : press.key === '、' ? '/' : press.key.toLowerCase()
  return PLAIN[key]
}
