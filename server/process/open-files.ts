import { readFileSync } from 'node:fs'

/** Connections that each entrance may hold. */
export interface ConnectionLimits {
  readonly mqtt: number
  readonly http: number
}

/** Files that the journal, the databases, threads and outgoing calls need. */
const RESERVED_FILES = 100
const MIN_CONNECTIONS = 16
const MQTT_SHARE = 0.7
const MAX_HTTP = 20_000

/** With fewer, the files of the readings store would leave no connection for devices. */
export const MIN_OPEN_FILES = 256

/** The limit of open files and sockets of this process; Infinity when the system does not tell. */
export function openFileLimit(): number {
  try {
    const found = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))
    return found === null ? Infinity : Number(found[1])
  } catch {
    return Infinity
  }
}

/** Divides the open-file limit, so that a flood of connections never takes the files that the journal needs. */
export function connectionLimits(limit: number, mqttWanted: number): ConnectionLimits {
  const all = Math.max(MIN_CONNECTIONS, limit - RESERVED_FILES)
  const mqtt = Math.floor(Math.min(all * MQTT_SHARE, mqttWanted))
  return { mqtt, http: Math.floor(Math.min(all * (1 - MQTT_SHARE), MAX_HTTP)) }
}
