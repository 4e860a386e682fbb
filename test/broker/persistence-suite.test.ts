import looseAssert, { strict as assert } from 'node:assert'
import { createRequire } from 'node:module'
import { Readable } from 'node:stream'
import { afterAll, describe, it } from 'vitest'
import type { DiskPersistence } from '../../broker/persistence.ts'
import { newFile, openPersistence as open, removeFiles } from './session-files.ts'

afterAll(removeFiles)

/**
 * The suite that the aedes project ships for every persistence, written for node:test. Its own
 * assertions are used as they are, its plans are kept, its tests appear here by their names.
 */
function runAbstractSuite(persistence: () => unknown): void {
  const suite = createRequire(import.meta.url)('aedes-persistence/abstract.js') as (options: object) => void
  suite({
    testAsync: true,
    persistence,
    test: (name: string, body: (context: object) => Promise<void>) => {
      it(name, async () => {
        let planned: number | undefined
        let made = 0
        const counted =
          (check: (value: unknown, other?: unknown) => void) => (value: unknown, other?: unknown) => {
            made++
            check(value, other)
          }
        await body({
          plan: (count: number) => {
            planned = count
          },
          diagnostic: () => undefined,
          assert: {
            ok: counted((value) => looseAssert.ok(value)),
            equal: counted((value, other) => looseAssert.equal(value, other)),
            notEqual: counted((value, other) => looseAssert.notEqual(value, other)),
            deepEqual: counted((value, other) => looseAssert.deepEqual(value, other)),
          },
        })
        if (planned !== undefined) assert.equal(made, planned)
      })
    },
  })
}

describe('the abstract suite of aedes-persistence', () => {
  runAbstractSuite(async () => open())
})

/** Closes the file and reads it anew before every look: what only memory knew is gone. */
function reopened(): DiskPersistence {
  const path = newFile()
  // Object identity cannot survive a file; the suite's clients and their new sockets can.
  const looks = [
    'subscriptionsByClient',
    'subscriptionsByTopic',
    'countOffline',
    'getWill',
    'incomingGetPacket',
  ]
  const streams = [
    'outgoingStream',
    'createRetainedStream',
    'createRetainedStreamCombi',
    'getClientList',
    'streamWill',
  ]
  let current = open({ path })
  let broker: { id: string } | undefined
  async function again(): Promise<void> {
    current.close()
    current = open({ path })
    if (broker !== undefined) await current.setup(broker)
  }
  async function* looking(method: string, values: unknown[]): AsyncGenerator {
    await again()
    const fresh: unknown = Reflect.get(current, method)
    if (typeof fresh === 'function') yield* fresh.apply(current, values)
  }
  return new Proxy(current, {
    get(_target, property) {
      if (property === 'broker') return current.broker
      const method: unknown = Reflect.get(current, property)
      if (typeof method !== 'function') return method
      // The suite looks whether `setup` is an async function.
      if (property === 'setup') {
        return async (own: { id: string }) => {
          broker = own
          await current.setup(own)
        }
      }
      if (streams.includes(String(property))) {
        return (...values: unknown[]) => Readable.from(looking(String(property), values))
      }
      if (!looks.includes(String(property))) return method.bind(current)
      return async (...values: unknown[]) => {
        await again()
        const fresh: unknown = Reflect.get(current, property)
        return typeof fresh === 'function' ? fresh.apply(current, values) : undefined
      }
    },
  })
}

describe('the abstract suite, read from disk before every look', () => {
  runAbstractSuite(async () => reopened())
})
