import type { Log } from '../flows/ports.ts'

/** One that cannot save what it had, on a full disk, must not keep the others from it. */
export async function closeEach(
  parts: Readonly<Record<string, { close(): void | Promise<void> } | undefined>>,
  log: Log,
): Promise<void> {
  for (const [part, one] of Object.entries(parts)) {
    try {
      await one?.close()
    } catch (error) {
      log.error({ err: error, part }, 'a part could not be closed in order')
    }
  }
}
