import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Part } from '../../bench/figure.ts'
import { startLoad } from '../../bench/load.ts'
import { benchNetwork, loadDevice } from '../../bench/network.ts'
import { startServer } from '../../bench/server.ts'
import { localKey } from '../../../server/disk/data-dir.ts'
import { connectFrame, field, frame, publishFrame } from '../../broker/support.ts'

const LOADS = 100

/** F15, F16: devices that send and never read their acknowledgements, and a large import, beside good ones. */
export const stuck: Part = async (run) => {
  const frozen = run.quick ? 5 : 50
  const server = await startServer(benchNetwork(LOADS + frozen, 0))
  const sockets: Socket[] = []
  try {
    const load = startLoad({ port: server.mqttPort, devices: LOADS, values: 8, rate: 1000 })
    await load.begun
    // What is asked from here on leaves out the server's own start.
    await server.cost()
    for (let n = 0; n < frozen; n += 1) sockets.push(frozenDevice(server.mqttPort, loadDevice(LOADS + n)))
    await sleep(run.quick ? 1500 : 15_000)
    const flood = await server.cost()
    const file = JSON.stringify(benchNetwork(run.quick ? 2000 : 30_000, 0))
    const began = performance.now()
    const answer = await fetch(`${server.url}/api/v1/network/imports?dryRun=true`, {
      method: 'POST',
      headers: { authorization: `Bearer ${localKey(server.dir) ?? ''}` },
      body: file,
    })
    if (answer.status !== 200) throw new Error(`the import: ${String(answer.status)} ${await answer.text()}`)
    const importMs = performance.now() - began
    const { loopMaxMs } = await server.cost()
    load.stop()
    const { p99Ms } = await load.result
    run.say(
      `acknowledgement p99 ${p99Ms.toFixed(0)} ms beside ${String(frozen)} frozen devices; ` +
        `${(file.length / 2 ** 20).toFixed(0)} MB imported in ${importMs.toFixed(0)} ms, loop held up ${loopMaxMs.toFixed(0)} ms at most`,
    )
    const most = (value: number) => ({ at: 'most' as const, value })
    return [
      {
        id: 'stuck-p99',
        what: 'frozen devices and an import: acknowledgement p99',
        value: p99Ms,
        unit: 'ms',
        target: most(1000),
      },
      {
        id: 'stuck-flood-loop',
        what: 'fifty that flood and read nothing: loop held up at most',
        value: flood.loopMaxMs,
        unit: 'ms',
        target: most(500),
      },
      {
        id: 'stuck-loop',
        what: 'a large import: loop held up at most',
        value: loopMaxMs,
        unit: 'ms',
        target: most(500),
      },
    ]
  } finally {
    for (const socket of sockets) socket.destroy()
    await server.remove()
  }
}

/** Subscribes to its commands, sends as fast as it may, reads nothing. */
function frozenDevice(port: number, id: string): Socket {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.pause()
  socket.write(connectFrame({ clientId: id, username: id, password: 'demo' }))
  socket.write(frame(0x82, 0, 1, field(`dh/v1/${id}/#`), 1))
  for (let n = 1; n <= 5000; n += 1) {
    socket.write(publishFrame(`dh/v1/${id}/telemetry`, '{"battery_v":3.6}', n))
  }
  return socket
}
