import type { Log } from '../flows/ports.ts'

/** A part that cannot close, on a full disk for example, must not keep the others from closing. */
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
