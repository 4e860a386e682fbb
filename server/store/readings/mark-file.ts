import { closeSync, fdatasyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import type { MarkKeeper, StoringMark } from '../../flows/store-readings.ts'

/** The forwarder's place in a small file, replaced whole: after a crash it is the old or the new one. */
export function markFile(path: string): MarkKeeper {
  return {
    load() {
      let text: string
      try {
        text = readFileSync(path, 'utf8')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
      return JSON.parse(text) as StoringMark
    },
    save(mark) {
      const unfinished = `${path}.new`
      const file = openSync(unfinished, 'w')
      try {
        writeSync(file, JSON.stringify(mark))
        fdatasyncSync(file)
      } finally {
        closeSync(file)
      }
      renameSync(unfinished, path)
    },
  }
}
