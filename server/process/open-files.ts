import { readFileSync } from 'node:fs'

export interface Doors {
  readonly mqtt: number
  readonly http: number
}

/** For the journal, the databases, threads, and calls to others. */
const KEPT_BACK = 100
const FEWEST = 16
const MQTT_SHARE = 0.7
const MOST_HTTP = 20_000

/** With fewer, the files of the history would take the place of the devices. */
export const MIN_OPEN_FILES = 256

/** Files and connections together that the system lets this process have open; Infinity where it does not say. */
export function openFileLimit(): number {
  try {
    const found = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))
    return found === null ? Infinity : Number(found[1])
  } catch {
    return Infinity
  }
}

/** How many connections each door may hold, so that whoever floods it never takes the journal's files away. */
export function doorsWithin(limit: number, mqttWanted: number): Doors {
  const all = Math.max(FEWEST, limit - KEPT_BACK)
  const mqtt = Math.floor(Math.min(all * MQTT_SHARE, mqttWanted))
  return { mqtt, http: Math.floor(Math.min(all * (1 - MQTT_SHARE), MOST_HTTP)) }
}
