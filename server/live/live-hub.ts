import type { LiveEventName } from '#contract/live.ts'
import type { LiveFeed, LiveStates } from '../flows/ports.ts'

interface LiveEvent {
  readonly id: string
  readonly event: LiveEventName
  readonly data: unknown
}

export interface LiveHub extends LiveFeed, LiveStates {
  /** `epoch-sequence` of the newest event. */
  cursor(): string
  /** Events after that cursor; undefined when it is too old or of another run. */
  since(cursor: string): readonly LiveEvent[] | undefined
  /** `ended`: the screen must begin anew. */
  subscribe(listener: (event: LiveEvent) => void, ended?: () => void): () => void
  /** Something cannot be told: every screen comes back for a snapshot. */
  startAnew(): void
  subscribers(): number
}

/**
 * Fans changes out to screens and keeps the newest ones, so that a screen that was away for a while
 * resumes where it stopped. A cursor of an earlier run of the process is too old by definition.
 */
export function createLiveHub(epoch: string, keep = 2000): LiveHub {
  const listeners = new Set<(event: LiveEvent) => void>()
  const endings = new Set<() => void>()
  let recent: LiveEvent[] = []
  let sequence = 0

  /** In a town without a screen nobody reads what ten thousand devices say. */
  class Announced implements LiveEvent {
    readonly event: LiveEventName
    readonly #sequence: number
    readonly #of: string
    readonly #read: (of: string) => unknown
    #data: unknown

    constructor(sequence: number, event: LiveEventName, of: string, read: (of: string) => unknown) {
      this.event = event
      this.#sequence = sequence
      this.#of = of
      this.#read = read
    }

    get id(): string {
      return cursorOf(this.#sequence)
    }

    get data(): unknown {
      return (this.#data ??= this.#read(this.#of))
    }
  }

  function cursorOf(of: number): string {
    return `${epoch}-${String(of)}`
  }

  function tell(entry: LiveEvent): void {
    recent.push(entry)
    if (recent.length >= keep * 2) recent = recent.slice(-keep)
    for (const listener of listeners) listener(entry)
  }

  return {
    publish: (event, _id, data) => tell({ id: cursorOf(++sequence), event, data }),
    announce: (event, id, read) => tell(new Announced(++sequence, event, id, read)),
    cursor: () => cursorOf(sequence),
    since(cursor) {
      const [of, text] = cursor.split('-')
      const from = Number(text)
      if (of !== epoch || !Number.isSafeInteger(from) || from < 0 || from > sequence) return undefined
      const missed = sequence - from
      if (missed > recent.length) return undefined
      return missed === 0 ? [] : recent.slice(-missed)
    },
    subscribe(listener, ended) {
      listeners.add(listener)
      if (ended !== undefined) endings.add(ended)
      return () => {
        listeners.delete(listener)
        if (ended !== undefined) endings.delete(ended)
      }
    },
    startAnew() {
      recent = []
      // A cursor of before has now missed an event that nobody has.
      sequence += 1
      for (const end of [...endings]) end()
    },
    subscribers: () => listeners.size,
  }
}
