import type { GatewayAccess } from '../../broker/gateways.ts'
import type { Config } from '../config.ts'
import type { Ingest } from '../flows/readings/ingest.ts'
import type { RefusedSender } from '../flows/readings/unknown-senders.ts'
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
    /** Why the sessions of devices are not on disk. */
    unsaved?: string | undefined
  }
  /** Undefined: a broker elsewhere knows the secrets, and only its administrator ends a session there. */
  readonly disconnect?: (deviceId: string) => void
  /** Asks a device something; resolves when it is sent or waits for the device at the broker. */
  readonly command: (deviceId: string, name: string) => Promise<void>
  readonly close: () => Promise<void>
}

export interface EntranceParts {
  readonly config: Config
  readonly dataDir: string
  readonly ingest: Ingest
  readonly authenticate: (deviceId: string, secret: string) => Promise<boolean>
  /** Platforms' gateways, where the broker is in this process. */
  readonly gateways?: GatewayAccess
  /** Hears of whoever is refused. */
  readonly refused?: (sender: RefusedSender) => void
  readonly log: Log
  /** How often the certificate files are looked at. */
  readonly lookEveryMs?: number
}
