import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Message, Season } from './season.ts'
import { truthOf } from './ground-truth.ts'

export interface SeasonFiles {
  readonly network: string
  readonly readings: string
  readonly truth: string
  readonly rows: number
}

const CHUNK = 1 << 20

/** Writes a season: network.geojson, readings.csv as a backtest reads it, truth.json. */
export function writeSeason(season: Season, dir: string, progress: (share: number) => void): SeasonFiles {
  mkdirSync(dir, { recursive: true })
  const [network, readings, truth] = ['network.geojson', 'readings.csv', 'truth.json'].map((n) =>
    join(dir, n),
  ) as [string, string, string]
  writeFileSync(network, `${JSON.stringify(season.file)}\n`)
  writeFileSync(truth, `${JSON.stringify(truthOf(season), null, 1)}\n`)
  const file = openSync(readings, 'w')
  let rows = 0
  let text = 'ts,device,signal,value,received\n'
  try {
    season.run((message) => {
      const written = rowsOf(message)
      rows += written.rows
      text += written.text
      if (text.length < CHUNK) return
      writeSync(file, text)
      text = ''
    }, progress)
    writeSync(file, text)
  } finally {
    closeSync(file)
  }
  return { network, readings, truth, rows }
}

/** A row per value. That a device decided itself is not told: its samples show the same. */
function rowsOf({ receivedAt, deviceId, samples }: Message): {
  readonly text: string
  readonly rows: number
} {
  let text = ''
  let rows = 0
  for (const { ts, values } of samples) {
    for (const signal in values) {
      text += `${String(ts)},${deviceId},${signal},${String(values[signal])},${String(receivedAt)}\n`
      rows += 1
    }
  }
  return { text, rows }
}
