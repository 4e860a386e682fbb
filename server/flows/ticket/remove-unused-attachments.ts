import { isRefusal } from '#contract/problem.ts'
import { DAY, HOUR, type Instant } from '../../domain/instant.ts'
import type { DecisionStore } from '../decisions/decisions.ts'
import type { Clock, Log, Timed } from '../ports.ts'
import type { FileKeeper } from './keep-attachment.ts'

const FILES_AT_ONCE = 500

/**
 * Once an hour removes the attachments that neither an event nor a notice has named within a day, and the files
 * that a stop between file and row has left behind.
 */
export function createAttachmentCleaner(parts: {
  readonly store: DecisionStore
  readonly files: FileKeeper
  readonly clock: Clock
  readonly realNow: () => Instant
  readonly log: Log
}): Timed {
  const { store, files, log } = parts
  let due: Instant = parts.clock.now()
  return {
    name: 'removing unused attachments',
    nextDue: () => due,
    async run(at) {
      const unused = await store.transact((repositories) => repositories.attachments.removeUnused(at - DAY))
      if (isRefusal(unused)) throw new Error(unused.detail)
      for (const id of unused) await files.remove(id)
      const old = await files.olderThan(parts.realNow() - DAY)
      let removed = 0
      for (let from = 0; from < old.length; from += FILES_AT_ONCE) {
        const some = old.slice(from, from + FILES_AT_ONCE)
        const known = await store.read.attachments.existing(some)
        for (const id of some) {
          if (known.has(id)) continue
          await files.remove(id)
          removed += 1
        }
      }
      if (unused.length + removed > 0)
        log.info(
          { attachments: unused.length, files: removed },
          'attachments that nothing names were removed',
        )
      due = at + HOUR
    },
  }
}
