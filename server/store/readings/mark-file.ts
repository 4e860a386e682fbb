import { readFileSync } from 'node:fs'
import type { Log } from '../../flows/ports.ts'
import type { MarkKeeper, StoringMark } from '../../flows/readings/store-readings.ts'
import { replaceFile } from '../../process/replace-file.ts'
import { asUnavailable } from '../sqlite-errors.ts'

/**
 * The forwarder's place in a small file, replaced whole: after a crash it is the old or the new one. One that
 * cannot be read costs time, since the whole journal is stored again, and no reading.
 */
export function markFile(path: string, log: Log): MarkKeeper {
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
        const mark = JSON.parse(text) as Partial<StoringMark> | null
        if (!Number.isSafeInteger(mark?.cursor)) throw new Error('it holds no place')
        return mark as StoringMark
      } catch (error) {
        log.error({ err: error, path }, 'the place in the journal is lost: all of it is stored again')
        return undefined
      }
    },
    save(mark) {
      try {
        replaceFile(path, JSON.stringify(mark), { flush: true })
      } catch (error) {
        throw asUnavailable(error)
      }
    },
  }
}
