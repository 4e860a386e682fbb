import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Part } from '../../bench/figure.ts'
import { startLoad } from '../../bench/load.ts'
import { benchNetwork } from '../../bench/network.ts'
import { startServer } from '../../bench/server.ts'

/** F13, N7: five thousand connections that say nothing, and two thousand devices that all come back at once. */
export const storm: Part = async (run) => {
  const [silent, devices] = run.quick ? [500, 200] : [5000, 2000]
  const server = await startServer(benchNetwork(devices, 0))
  const sockets: Socket[] = []
  try {
    const rssMb = (await server.cost()).rssMb
    for (let n = 0; n < silent; n += 1) {
      const socket = connect(server.mqttPort, '127.0.0.1').on('error', () => undefined)
      sockets.push(socket)
      if (n % 250 === 0) await Promise.race([once(socket, 'connect'), once(socket, 'close')])
    }
    const began = performance.now()
    const load = startLoad({ port: server.mqttPort, devices, values: 1, rate: 500, seconds: 5 })
    await load.begun
    const inMs = performance.now() - began
    const asked = performance.now()
    const alive = (await fetch(`${server.url}/livez`)).ok
    const livezMs = performance.now() - asked
    const { sent, acknowledged } = await load.result
    const grownMb = (await server.cost()).rssMb - rssMb
    run.say(
      `${String(devices)} devices in after ${inMs.toFixed(0)} ms beside ${String(silent)} that say nothing, ` +
        `${String(acknowledged)} of ${String(sent)} acknowledged, /livez ${livezMs.toFixed(0)} ms, ${grownMb.toFixed(0)} MB`,
    )
    const most = (value: number) => ({ at: 'most' as const, value })
    return [
      {
        id: 'storm-in',
        what: `${String(devices)} devices at once: all in`,
        value: inMs,
        unit: 'ms',
        target: most(15_000),
      },
      {
        id: 'storm-livez',
        what: 'connect storm: /livez',
        value: alive ? livezMs : Infinity,
        unit: 'ms',
        target: most(500),
      },
      {
        id: 'storm-memory',
        what: 'connect storm: memory grown',
        value: grownMb,
        unit: 'MB',
        target: most(400),
      },
    ]
  } finally {
    for (const socket of sockets) socket.destroy()
    await server.remove()
  }
}
