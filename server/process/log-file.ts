import { dirname, basename } from 'node:path'
import { createStream, type RotatingFileStream } from 'rotating-file-stream'
import type { LogSink } from './log.ts'

const DAY_FILES = 200
const TRY_AGAIN_MS = 5000

/**
 * A log file that is rotated every day and at `maxMb`; old files are compressed, and some 200 are kept. While
 * it cannot be written, on a full disk for example, lines go to `instead`.
 */
export function fileSink(
  path: string,
  maxMb: number,
  instead: LogSink,
): LogSink & { close(): Promise<void> } {
  let stream: RotatingFileStream | undefined
  let failedAt = -Infinity

  function open(): RotatingFileStream {
    const opened = createStream(basename(path), {
      path: dirname(path),
      mode: 0o600,
      interval: '1d',
      size: `${maxMb}M`,
      compress: 'gzip',
      maxFiles: DAY_FILES,
    })
    opened.on('error', (error) => {
      if (stream === opened) stream = undefined
      failedAt = performance.now()
      instead.write(
        `${JSON.stringify({ level: 50, msg: 'the log file cannot be written', why: error.message })}\n`,
      )
    })
    return opened
  }

  return {
    write(line) {
      if (stream === undefined && performance.now() - failedAt < TRY_AGAIN_MS) return instead.write(line)
      stream ??= open()
      stream.write(line)
    },
    async close() {
      const open = stream
      if (open === undefined) return
      await new Promise<void>((resolve) => open.end(resolve))
    },
  }
}
