import { API } from '#contract/routes.ts'
import type { LiveEventName } from '#contract/live.ts'

interface StreamEvent {
  readonly id: string
  readonly event: LiveEventName
  readonly data: unknown
}

export interface LiveStream {
  readonly events: readonly StreamEvent[]
  /** The data of the first event that fits, now or within 10 s. */
  next<T>(event: LiveEventName, fits?: (data: T) => boolean): Promise<T>
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>
  close(): void
}

const PATIENCE_MS = 10_000

/** A screen: reads `GET /live` and keeps everything that came. */
export async function openLiveStream(
  address: string,
  options: {
    readonly cookie: string
    readonly lastEventId?: string | undefined
    /** Name of a screen on a wall. */
    readonly screen?: string
  },
): Promise<LiveStream> {
  const stop = new AbortController()
  const query = options.screen === undefined ? '' : `?${new URLSearchParams({ screen: options.screen })}`
  const response = await fetch(`${address}${API}/live${query}`, {
    headers: {
      cookie: options.cookie,
      ...(options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }),
    },
    signal: stop.signal,
  })
  if (response.body === null || response.status !== 200) {
    throw new Error(`the feed answered ${String(response.status)}`)
  }
  const events: StreamEvent[] = []
  const waiting = new Set<() => void>()
  const ended = read(response.body, (event) => {
    events.push(event)
    for (const look of waiting) look()
  })
  return { events, next, ended, close: () => stop.abort() }

  function next<T>(name: LiveEventName, fits: (data: T) => boolean = () => true): Promise<T> {
    const find = () => events.find(({ event, data }) => event === name && fits(data as T))
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find()
        if (found === undefined) return
        done()
        resolve(found.data as T)
      }
      const timer = setTimeout(() => {
        done()
        reject(new Error(`no ${name} came; there were ${events.map(({ event }) => event).join(', ')}`))
      }, PATIENCE_MS)
      const done = (): void => {
        clearTimeout(timer)
        waiting.delete(look)
      }
      waiting.add(look)
      look()
    })
  }
}

async function read(body: ReadableStream<Uint8Array>, take: (event: StreamEvent) => void): Promise<void> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true })
      const frames = text.split('\n\n')
      text = frames.pop() ?? ''
      for (const frame of frames) {
        const event = parse(frame)
        if (event !== undefined) take(event)
      }
    }
  } catch {
    // Closed by us or cut by the server: either way it has ended.
  }
}

function parse(frame: string): StreamEvent | undefined {
  const fields = new Map(
    frame
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const [id, event, data] = [fields.get('id'), fields.get('event'), fields.get('data')]
  if (id === undefined || event === undefined || data === undefined) return undefined
  return { id, event: event as LiveEventName, data: JSON.parse(data) }
}
