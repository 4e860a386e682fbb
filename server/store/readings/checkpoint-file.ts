import { readFileSync } from 'node:fs'
import type { Log } from '../../flows/ports.ts'
import type { CheckpointStore, ForwarderCheckpoint } from '../../flows/readings/forward-readings.ts'
import { replaceFile } from '../../disk/replace-file.ts'
import { asUnavailable } from '../../disk/sqlite-errors.ts'

/**
 * The forwarder's place in a small file, replaced whole: after a crash it is the old or the new one. One that
 * cannot be read costs time, since the whole journal is stored again, and no reading.
 */
export function checkpointFile(path: string, log: Log): CheckpointStore {
  return {
    load() {
      let text: string
      try {
        text = readFileSync(path, 'utf8')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
      try {
        const checkpoint = JSON.parse(text) as Partial<ForwarderCheckpoint> | null
        if (!Number.isSafeInteger(checkpoint?.cursor)) throw new Error('it holds no place')
        return checkpoint as ForwarderCheckpoint
      } catch (error) {
        log.error({ err: error, path }, 'the place in the journal is lost: all of it is stored again')
        return undefined
      }
    },
    save(checkpoint) {
      try {
        replaceFile(path, JSON.stringify(checkpoint), { flush: true })
      } catch (error) {
        throw asUnavailable(error)
      }
    },
  }
}
