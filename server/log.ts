import { pino } from 'pino'
import type { Log } from './flows/ports.ts'

/** JSON lines on standard output; phones, secrets and credentials never reach them. */
export function createLog(level: string): Log {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        '*.password',
        '*.secret',
        '*.token',
        '*.callerPhone',
        '*.phone',
        'password',
        'secret',
        'token',
        'callerPhone',
      ],
      censor: '***',
    },
  })
}
