import type { Readiness } from '#contract/live.ts'

const PATIENCE_MS = 5000

type Shown = Pick<Readiness, 'troubles' | 'missing'>

/** What of the system does not work or is not set up, for somebody who has not signed in; nothing where nobody answers. */
export async function askReadiness(): Promise<Shown> {
  try {
    const response = await fetch('/readyz', { signal: AbortSignal.timeout(PATIENCE_MS) })
    return (await response.json()) as Readiness
  } catch {
    return { troubles: [], missing: [] }
  }
}
