import { ROUTES } from '#contract/routes.ts'
import { backoffMs } from './backoff.ts'
import { createEventParser, type StreamEvent } from './event-stream.ts'

export interface LiveReader {
  readonly signal: AbortSignal
  /** Name of this screen on a wall, for who has to find it when it is dark. */
  readonly screen?: string | undefined
  readonly onEvent: (event: StreamEvent) => void
  readonly onLink: (link: 'connecting' | 'live' | 'lost') => void
  /** Called at every byte, heartbeats too. */
  readonly onAlive: () => void
  readonly onSignedOut: () => void
}

/** The server's heartbeat comes every 10 s; two missed ones and a half mean that nobody is there. */
const SILENCE_MS = 25_000
/** A feed that lasted is asked for again at once: when the server has ended it, the session may have ended. */
const LASTED_MS = 1000

/**
 * Follows `GET /live` for ever. `EventSource` gives up on the first refusal and hides heartbeats, so the
 * stream is read by fetch: with `Last-Event-ID`, backoff, and a limit on silence.
 */
export async function readLive(reader: LiveReader): Promise<void> {
  let lastId: string | undefined
  let failures = 0
  while (!reader.signal.aborted) {
    const began = performance.now()
    const outcome = await readOnce(reader, lastId, (event) => {
      failures = 0
      if (event.id !== undefined) lastId = event.id
      reader.onEvent(event)
    })
    if (reader.signal.aborted) return
    if (outcome === 'ended' && failures === 0 && performance.now() - began > LASTED_MS) continue
    reader.onLink('lost')
    if (outcome === 'signed-out') return reader.onSignedOut()
    failures += 1
    await pause(backoffMs(failures, Math.random()), reader.signal)
  }
}

async function readOnce(
  reader: LiveReader,
  lastId: string | undefined,
  onEvent: (event: StreamEvent) => void,
): Promise<'ended' | 'broken' | 'signed-out'> {
  const quiet = new AbortController()
  let silence: ReturnType<typeof setTimeout> | undefined
  const heard = (): void => {
    clearTimeout(silence)
    silence = setTimeout(() => quiet.abort(), SILENCE_MS)
  }
  heard()
  // A screen without a network knows it at once and need not wait for the silence.
  const offline = (): void => quiet.abort()
  addEventListener('offline', offline)
  try {
    const query = reader.screen === undefined ? '' : `?${new URLSearchParams({ screen: reader.screen })}`
    const response = await fetch(ROUTES.live + query, {
      headers: { accept: 'text/event-stream', ...(lastId === undefined ? {} : { 'last-event-id': lastId }) },
      cache: 'no-store',
      signal: AbortSignal.any([reader.signal, quiet.signal]),
    })
    if (response.status === 401) return 'signed-out'
    if (!response.ok || response.body === null) return 'broken'
    reader.onLink('live')
    const parse = createEventParser(onEvent)
    const text = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { done, value } = await text.read()
      if (done) return 'ended'
      heard()
      reader.onAlive()
      parse(value)
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // The network's and the abort's ways to end a stream; a mistake in what we do with an event is ours.
    if (error.name !== 'AbortError' && !(error instanceof TypeError)) throw error
    return 'broken'
  } finally {
    clearTimeout(silence)
    removeEventListener('offline', offline)
  }
}

/** Ends early when the network is back. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms)
    function done(): void {
      clearTimeout(timer)
      removeEventListener('online', done)
      resolve()
    }
    addEventListener('online', done)
    signal.addEventListener('abort', done, { once: true })
  })
}
