import { describe, expect, it } from 'vitest'
import { backoffMs } from '../../web/src/base/api/backoff.ts'
import { createEventParser, type StreamEvent } from '../../web/src/base/api/event-stream.ts'

function read(...pieces: string[]): StreamEvent[] {
  const events: StreamEvent[] = []
  const parse = createEventParser((event) => events.push(event))
  for (const piece of pieces) parse(piece)
  return events
}

describe('the live stream', () => {
  it('is read from pieces that end anywhere', () => {
    const whole = 'id: 7\nevent: ticket\ndata: {"a":"井"}\n\n'
    const expected = [{ id: '7', event: 'ticket', data: '{"a":"井"}' }]
    for (let cut = 0; cut <= whole.length; cut += 1) {
      expect(read(whole.slice(0, cut), whole.slice(cut))).toEqual(expected)
    }
  })

  it('passes over heartbeats and keeps the last id for events without one', () => {
    expect(read('id: 1\ndata: a\n\n: alive\n\ndata: b\n\n')).toEqual([
      { id: '1', event: 'message', data: 'a' },
      { id: '1', event: 'message', data: 'b' },
    ])
  })

  it('takes CRLF and several data lines', () => {
    expect(read('data: a\r\ndata: b\r\n\r\n')).toEqual([{ id: undefined, event: 'message', data: 'a\nb' }])
  })

  it('gives nothing for an event that has not ended', () => {
    expect(read('data: a\n')).toEqual([])
  })
})

describe('the pause before a new attempt', () => {
  it('doubles up to a limit and is spread by chance', () => {
    expect([1, 2, 3, 99].map((failures) => backoffMs(failures, 1))).toEqual([500, 1000, 2000, 15_000])
    expect(backoffMs(99, 0)).toBe(7500)
  })
})
