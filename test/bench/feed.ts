import { API } from '#contract/routes.ts'
import type { LiveEventName } from '#contract/live.ts'

/** A screen's live feed: hands each event to those who wait for it and keeps nothing. */
export interface Feed {
  /** The first event from now on that fits, within 30 s. */
  next<T>(event: LiveEventName, fits: (data: T) => boolean): Promise<T>
  close(): void
}

const PATIENCE_MS = 30_000

export async function openFeed(
  url: string,
  who: { readonly username: string; readonly password: string } | { readonly cookie: string },
): Promise<Feed> {
  const cookie = 'cookie' in who ? who.cookie : await sessionOf(url, who)
  const stop = new AbortController()
  const response = await fetch(`${url}${API}/live`, { headers: { cookie }, signal: stop.signal })
  if (response.body === null || response.status !== 200) {
    throw new Error(`the feed answered ${String(response.status)}`)
  }
  const waiting = new Set<(event: string, text: string) => void>()
  void follow(response.body, (event, text) => {
    for (const look of waiting) look(event, text)
  }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error
  })

  return {
    close: () => stop.abort(),
    next: (name, fits) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no ${name} came on the feed`)), PATIENCE_MS)
        const look = (event: string, text: string): void => {
          if (event !== name) return
          const data = JSON.parse(text) as Parameters<typeof fits>[0]
          if (!fits(data)) return
          clearTimeout(timer)
          waiting.delete(look)
          resolve(data)
        }
        waiting.add(look)
      }),
  }
}

async function follow(
  body: ReadableStream<Uint8Array>,
  take: (event: string, text: string) => void,
): Promise<void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    const frames = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
    rest = frames.pop() ?? ''
    for (const frame of frames) {
      const event = /^event: (.*)$/m.exec(frame)?.[1]
      const data = /^data: (.*)$/m.exec(frame)?.[1]
      if (event !== undefined && data !== undefined) take(event, data)
    }
  }
}

/** The cookie of a new session. */
export async function sessionOf(
  url: string,
  who: { readonly username: string; readonly password: string },
): Promise<string> {
  const response = await fetch(`${url}${API}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(who),
  })
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}
