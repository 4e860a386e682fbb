import { createServer } from 'node:http'
import { InfluxDB, type IPoint } from 'influx'
import { connectAsync } from 'mqtt'
import { WebSocketServer } from 'ws'

/**
 * The pipeline that an engineer writes in a day: subscribes at Mosquitto, writes to InfluxDB in batches,
 * shows the newest values on a page by WebSocket. `node day-script.ts MQTT_URL INFLUX_URL USER PASSWORD`.
 * As such scripts do, it has acknowledged a message before the batch is stored.
 */
const [mqttUrl = '', influxUrl = '', username = '', password = ''] = process.argv.slice(2)
const BATCH = 5000
const EVERY_MS = 200

const { hostname, port } = new URL(influxUrl)
const influx = new InfluxDB({ host: hostname, port: Number(port), username, password, database: 'script' })
await influx.createDatabase('script')

const latest = new Map<string, unknown>()
const page = createServer((_request, response) => response.end('<script>new WebSocket(location)</script>'))
const screens = new WebSocketServer({ server: page })
page.listen(0, '127.0.0.1')

let waiting: IPoint[] = []
let writing = false
let stored = 0

async function write(): Promise<void> {
  if (writing || waiting.length === 0) return
  writing = true
  const batch = waiting.slice(0, BATCH)
  waiting = waiting.slice(BATCH)
  await influx.writePoints(batch, { precision: 'ms' })
  stored += batch.length
  writing = false
  if (waiting.length >= BATCH) void write()
}
setInterval(() => void write(), EVERY_MS)
setInterval(() => {
  const text = JSON.stringify([...latest])
  for (const screen of screens.clients) screen.send(text)
}, 1000)

const client = await connectAsync(mqttUrl, { clientId: 'script', clean: false })
client.on('message', (topic, body) => {
  const device = topic.split('/')[2] ?? ''
  const { ts, values } = JSON.parse(body.toString()) as { ts: number; values: Record<string, number> }
  latest.set(device, values)
  waiting.push({ measurement: 'well', tags: { device_id: device }, fields: values, timestamp: ts })
  if (waiting.length >= BATCH) void write()
})
await client.subscribeAsync('dh/v1/+/telemetry', { qos: 1 })

process.on('message', () => process.send?.({ stored }))
process.once('disconnect', () => process.exit())
process.send?.({ port: 0 })
