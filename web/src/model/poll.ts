import { untrack } from 'svelte'

/**
 * Asks now and again after each interval until it is stopped, which calls off what is under way. To be
 * returned from an effect; what the asking reads does not begin it anew.
 */
export function every(ms: number, ask: (signal: AbortSignal) => unknown): () => void {
  const stop = new AbortController()
  const once = (): void => void ask(stop.signal)
  untrack(once)
  const timer = setInterval(once, ms)
  return () => {
    clearInterval(timer)
    stop.abort()
  }
}
