import type { Config } from '../config.ts'
import type { Ingest } from '../flows/readings/ingest.ts'
import type { Log } from '../flows/ports.ts'

/** Where devices come in: the embedded broker, or an external one whose client we are. */
export interface Entrance {
  /** Where devices reach us. */
  readonly url: string
  readonly connected: () => boolean
  readonly stats: () => {
    clients: number
    messagesPerMinute: number
    refused: Readonly<Record<string, number>>
  }
  readonly disconnect: (deviceId: string) => void
  readonly close: () => Promise<void>
}

export interface EntranceParts {
  readonly config: Config
  readonly dataDir: string
  readonly ingest: Ingest
  readonly authenticate: (deviceId: string, secret: string) => Promise<boolean>
  readonly log: Log
  /** How often the certificate files are looked at. */
  readonly lookEveryMs?: number
}
