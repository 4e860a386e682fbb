import { untrack } from 'svelte'

/** Long enough for a reader to have taken it; it says what it took to its end. */
const KEPT_MS = 10_000

interface Line {
  readonly id: number
  readonly text: string
}

/** Lines of a live region. Each is a new one, so that the same words twice are read twice. */
export function spoken() {
  let lines = $state.raw<readonly Line[]>([])
  let last = 0
  return {
    get lines(): readonly Line[] {
      return lines
    },
    say(texts: readonly string[]): void {
      if (texts.length === 0) return
      const fresh = texts.map((text) => ({ id: (last += 1), text }))
      lines = [...untrack(() => lines), ...fresh]
      setTimeout(() => (lines = lines.filter((line) => !fresh.includes(line))), KEPT_MS)
    },
  }
}
