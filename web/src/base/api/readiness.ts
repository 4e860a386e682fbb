import type { Readiness } from '#contract/live.ts'

const PATIENCE_MS = 5000

/** What of the system does not work, for somebody who has not signed in; nothing where nobody answers. */
export async function askReadiness(): Promise<Readiness['troubles']> {
  try {
    const response = await fetch('/readyz', { signal: AbortSignal.timeout(PATIENCE_MS) })
    return ((await response.json()) as Readiness).troubles
  } catch {
    return []
  }
}
