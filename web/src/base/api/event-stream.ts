export interface StreamEvent {
  readonly id: string | undefined
  readonly event: string
  readonly data: string
}

/**
 * Reads `text/event-stream` (WHATWG HTML §9.2.6) from pieces as they arrive. A piece may end anywhere,
 * also between CR and LF; an event without data is dropped, as the standard says.
 */
export function createEventParser(onEvent: (event: StreamEvent) => void): (piece: string) => void {
  let rest = ''
  let id: string | undefined
  let event = ''
  let data: string[] = []

  function line(text: string): void {
    if (text === '') {
      if (data.length > 0) onEvent({ id, event: event === '' ? 'message' : event, data: data.join('\n') })
      event = ''
      data = []
      return
    }
    const colon = text.indexOf(':')
    if (colon === 0) return
    const field = colon < 0 ? text : text.slice(0, colon)
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') data.push(value)
    else if (field === 'event') event = value
    else if (field === 'id' && !value.includes('\0')) id = value
  }

  return (piece) => {
    rest += piece
    const lines = rest.split(/\r\n|\n|\r(?=[^\n])/)
    rest = lines.pop() ?? ''
    for (const text of lines) line(text)
  }
}
