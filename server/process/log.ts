import { writeSync } from 'node:fs'
import { pino } from 'pino'
import type { Log } from '../flows/ports.ts'

/** A destination of lines. It never throws and never waits: a full disk loses lines and does not stop the server. */
export interface LogSink {
  write(line: string): void
}

export interface ServerLog extends Log {
  /** Masks this value in every line from now on. */
  hide(secrets: readonly string[]): void
}

const MASK = '***'
/** Fields whose values are masked: secrets, and the telephone numbers of callers. */
const SECRET_NAME = /pass(word)?|secret|token|authorization|cookie|phone|key$|credential/i
/** Shorter ones would mask ordinary words. */
const MIN_SECRET = 6
const DEEPEST = 6

/**
 * JSON lines. Secrets are masked twice over: by the name of their field, and by their value, which an error of
 * some library may carry in a sentence.
 */
export function createLog(level: string, sink: LogSink = outputSink(1)): ServerLog {
  const hidden = new Set<string>()
  const masked: LogSink = {
    write(line) {
      let text = line
      for (const secret of hidden) text = text.replaceAll(secret, MASK)
      sink.write(text)
    },
  }
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { log: (facts) => maskNames(facts, 0) as Record<string, unknown> },
    },
    masked,
  )
  return {
    debug: (facts, text) => log.debug(facts, text),
    info: (facts, text) => log.info(facts, text),
    warn: (facts, text) => log.warn(facts, text),
    error: (facts, text) => log.error(facts, text),
    hide(secrets) {
      for (const secret of secrets.filter(({ length }) => length >= MIN_SECRET)) {
        hidden.add(secret)
        hidden.add(JSON.stringify(secret).slice(1, -1))
        hidden.add(encodeURIComponent(secret))
      }
    },
  }
}

function maskNames(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error || depth > DEEPEST) return value
  if (Array.isArray(value)) return value.map((each) => maskNames(each, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      SECRET_NAME.test(name) && each !== undefined ? MASK : maskNames(each, depth + 1),
    ]),
  )
}

/** A descriptor of the process, such as 1. What cannot be written, because a disk is full, is left out. */
export function outputSink(descriptor: number): LogSink {
  return {
    write(line) {
      try {
        writeSync(descriptor, line)
      } catch {
        // The failure cannot be logged either; the screens show that the disk is full.
      }
    },
  }
}
