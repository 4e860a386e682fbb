import { closeSync, fdatasyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Log } from '../../flows/ports.ts'
import type { MarkKeeper, StoringMark } from '../../flows/readings/store-readings.ts'

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
        return JSON.parse(text) as StoringMark
      } catch (error) {
        log.error({ err: error, path }, 'the place in the journal is lost: all of it is stored again')
        return undefined
      }
    },
    save(mark) {
      const unfinished = `${path}.new`
      const file = openSync(unfinished, 'w')
      try {
        // On a disk that is nearly full one write may take a part only, and say so in a number.
        writeFileSync(file, JSON.stringify(mark))
        fdatasyncSync(file)
      } finally {
        closeSync(file)
      }
      renameSync(unfinished, path)
    },
  }
}
