import type { Log } from '../ports.ts'

/** What is kept in memory and is to be there again after a restart. */
export interface Memory<T> {
  snapshot(): T
  restore(saved: T): void
}

interface SomeMemory {
  snapshot(): unknown
  restore(saved: never): void
}

export interface MemoryStore {
  load(name: string): Promise<unknown>
  save(name: string, value: unknown): Promise<void>
}

export interface KeptMemories {
  close(): Promise<void>
}

const SAVE_EVERY_MS = 5000

/**
 * Restores what was remembered and saves it again every few seconds where it has changed: what nobody was
 * promised need not be on disk at once, but it is to survive a restart.
 */
export async function keepMemories(parts: {
  readonly store: MemoryStore
  readonly memories: Readonly<Record<string, SomeMemory>>
  readonly log: Log
  readonly everyMs?: number
}): Promise<KeptMemories> {
  const { store, memories, log, everyMs = SAVE_EVERY_MS } = parts
  const saved = new Map<string, string>()
  let failing = false

  for (const [name, memory] of Object.entries(memories)) {
    const value = await store.load(name)
    if (value !== undefined) restore(name, memory, value)
    saved.set(name, JSON.stringify(memory.snapshot()))
  }
  let saving: Promise<void> = Promise.resolve()
  const timer = setInterval(() => (saving = saving.then(save)), everyMs).unref()

  return {
    async close() {
      clearInterval(timer)
      await saving
      await save()
    },
  }

  function restore(name: string, memory: SomeMemory, value: unknown): void {
    try {
      memory.restore(value as never)
    } catch (error) {
      log.error({ err: error, name }, 'what was remembered cannot be read; it begins anew')
    }
  }

  async function save(): Promise<void> {
    try {
      for (const [name, memory] of Object.entries(memories)) {
        const value = memory.snapshot()
        const text = JSON.stringify(value)
        if (text === saved.get(name)) continue
        await store.save(name, value)
        saved.set(name, text)
      }
      failing = false
    } catch (error) {
      if (!failing) log.error({ err: error }, 'what was remembered cannot be saved; trying again')
      failing = true
    }
  }
}
