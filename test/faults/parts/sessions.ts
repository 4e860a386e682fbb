import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'mqtt'
import type { Part } from '../../bench/figure.ts'
import { device, openBroker } from '../../broker/support.ts'

const CAP = 1000

/** F9: devices with sessions are away while commands queue up to their cap and beyond; the broker restarts. */
export const sessions: Part = async (run) => {
  const devices = Array.from({ length: run.quick ? 3 : 50 }, (_, n) => `s${String(n)}`)
  const first = await openBroker()
  for (const id of devices) {
    const client = await device(first.port, id, { clean: false })
    await client.subscribeAsync(`dh/v1/${id}/cmd/#`, { qos: 1 })
    await client.publishAsync(`dh/v1/${id}/attributes`, '{"model":"x"}', { qos: 1, retain: true })
    await client.endAsync()
  }
  const sent = CAP + 200
  for (const id of devices) {
    for (let n = 0; n < sent; n += 1) await first.broker.publishCommand(id, `c${String(n)}`, 'x')
  }
  const dropped = first.broker.stats().dropped
  await first.broker.close()

  const second = await openBroker({ persistencePath: first.path })
  let wrong = 0
  const began = performance.now()
  await Promise.all(
    devices.map(async (id) => {
      const got: string[] = []
      // Listens before it connects: what waited comes along with the CONNACK.
      const client = connect(`mqtt://127.0.0.1:${String(second.port)}`, {
        clientId: id,
        username: id,
        password: `secret-${id}`,
        clean: false,
        reconnectPeriod: 0,
      })
      client.on('message', (topic) => got.push(topic))
      for (const until = Date.now() + 60_000; got.length < CAP && Date.now() < until;) await sleep(20)
      await sleep(200)
      const inOrder = got.every((topic, n) => topic === `dh/v1/${id}/cmd/c${String(n)}`)
      wrong += Math.abs(CAP - got.length) + (inOrder ? 0 : 1)
      await client.endAsync(true)
    }),
  )
  const seconds = (performance.now() - began) / 1000
  await second.close()
  await first.close()
  run.say(
    `${String(devices.length)} × ${String(CAP)} commands back in ${seconds.toFixed(1)} s, ${String(dropped)} beyond the cap`,
  )
  return [
    {
      id: 'sessions-wrong',
      what: 'sessions over a restart: commands missing, doubled or out of order',
      value: wrong,
      unit: '',
      target: { at: 'most', value: 0 },
    },
    {
      id: 'sessions-cap',
      what: 'sessions over a restart: beyond the cap and not counted',
      value: devices.length * 200 - dropped,
      unit: '',
      target: { at: 'most', value: 0 },
    },
  ]
}
