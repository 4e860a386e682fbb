import { AddressRefused, type Guard } from './guard.ts'
import { codeOf, sendPinned } from './post.ts'

/** Asks for a guarded address once; undefined when it answered 2xx, else what went wrong, without the address. */
export async function ping(
  to: { readonly url: string; readonly guard: Guard },
  signal: AbortSignal,
): Promise<string | undefined> {
  const url = new URL(to.url)
  try {
    const pinned = await to.guard(url.hostname)
    signal.throwIfAborted()
    const { status } = await sendPinned(url, { method: 'GET', pinned, headers: {}, signal })
    return status >= 200 && status < 300 ? undefined : `HTTP ${String(status)}`
  } catch (error) {
    return error instanceof AddressRefused ? error.message : codeOf(error, signal)
  }
}
