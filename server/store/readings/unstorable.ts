import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Log, Rejected } from '../../flows/ports.ts'
import { replaceFile } from '../../disk/replace-file.ts'

/** Messages that were acknowledged and kill whoever stores them: kept as files until somebody has looked at them. */
export interface Unstorable {
  keep(message: Rejected): void
  /** How many there are, and where. */
  count(): number
  readonly dir: string
}

/** A device that does it again and again must not fill the disk. */
const MAX_FILES = 100
const LOOK_EVERY_MS = 5000

export function createUnstorable(dataDir: string, log: Log): Unstorable {
  const dir = join(dataDir, 'unstorable')
  let files = list()
  let lookedAt = performance.now()

  return { keep, count, dir }

  function keep({ deviceId, topic, receivedAt, body, detail }: Rejected): void {
    const name = `${new Date(receivedAt).toISOString().replaceAll(':', '')}-${deviceId}-${randomUUID().slice(0, 8)}.json`
    const text = JSON.stringify({
      topic,
      receivedAt,
      detail,
      bodyBase64: Buffer.from(body).toString('base64'),
    })
    try {
      mkdirSync(dir, { recursive: true })
      replaceFile(join(dir, name), text, { flush: true })
      files = list()
      for (const oldest of files.splice(0, files.length - MAX_FILES)) rmSync(join(dir, oldest))
    } catch (error) {
      log.error({ err: error, deviceId }, 'an unstorable message could not be kept')
    }
  }

  /** Somebody who has looked at them takes them away. */
  function count(): number {
    if (performance.now() - lookedAt > LOOK_EVERY_MS) {
      files = list()
      lookedAt = performance.now()
    }
    return files.length
  }

  function list(): string[] {
    try {
      return readdirSync(dir).sort()
    } catch {
      return []
    }
  }
}
