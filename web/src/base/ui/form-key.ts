/** What of a keyboard event matters to a form. */
export interface PressedKey {
  readonly key: string
  readonly isComposing: boolean
  readonly keyCode: number
  readonly ctrlKey: boolean
  readonly metaKey: boolean
}

/** How a form stands when a key is pressed in it. */
export interface FormStand {
  /** It is being sent: what comes back is still to be read. */
  readonly busy: boolean
  /** Somebody has written or chosen something in it. */
  readonly touched: boolean
}

/** What a key means in a form; `stay`: it is the form's key, and nothing happens. */
export function formKey(
  event: PressedKey,
  { busy, touched }: FormStand,
): 'close' | 'send' | 'stay' | undefined {
  if (event.isComposing || event.keyCode === 229) return undefined
  if (event.key === 'Escape') return busy || touched ? 'stay' : 'close'
  return event.key === 'Enter' && (event.ctrlKey || event.metaKey) ? 'send' : undefined
}
