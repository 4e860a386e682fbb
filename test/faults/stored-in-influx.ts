import { startInflux, type Influx } from '../support/influx.ts'
import { benchNetwork } from '../bench/network.ts'
import { startServer, type BenchServer } from '../bench/server.ts'
import { influxGate, type InfluxGate } from './influx-gate.ts'

export const DEVICES = 100
/** Ten times a city of a thousand devices that send every ten seconds. */
export const RATE = 1000

/** A server that stores in a real InfluxDB behind a gate that can fail. */
export interface StoredInInflux {
  readonly server: BenchServer
  readonly gate: InfluxGate
  /** All instants and values that InfluxDB has of a device. */
  readBack(deviceId: string): Promise<ReadonlyMap<number, number>>
  remove(): Promise<void>
}

export async function storedInInflux(): Promise<StoredInInflux> {
  const influx = await startInflux()
  const gate = await influxGate(influx.url)
  const server = await startServer(benchNetwork(DEVICES, 0), {
    WELLWATCH_INFLUX_URL: gate.url,
    WELLWATCH_INFLUX_VERSION: '1',
    WELLWATCH_INFLUX_USERNAME: influx.admin.username,
    WELLWATCH_INFLUX_PASSWORD: influx.admin.password,
  })
  return {
    server,
    gate,
    readBack: (deviceId) => readBack(influx, deviceId),
    async remove() {
      await server.remove()
      await gate.close()
      await influx.remove()
    },
  }
}

interface Answer {
  readonly results: readonly {
    readonly series?: readonly { readonly values: readonly (readonly [number, number])[] }[]
  }[]
}

async function readBack(influx: Influx, deviceId: string): Promise<ReadonlyMap<number, number>> {
  const statement = `SELECT pressure_mpa FROM well WHERE device_id = '${deviceId}'`
  const answer = (await influx.query(statement, 'wellwatch')) as Answer
  return new Map(answer.results.flatMap(({ series }) => series?.flatMap(({ values }) => values) ?? []))
}
