import { setTimeout as wait } from 'node:timers/promises'
import type { World } from './world.ts'
import { DAY } from './time.ts'

export interface SpareHeartbeat {
  readonly world: World
  readonly spares: readonly string[]
  readonly httpUrl: string
  readonly password: string
  readonly everyMs?: number | undefined
  readonly onProblem: (problem: unknown) => void
  readonly signal: AbortSignal
}

/**
 * A sign of life of the spare devices once a day. Over HTTP: an MQTT connection under the name of a spare
 * would end the connection of whoever is trying that device by hand.
 */
export async function keepSparesAlive(job: SpareHeartbeat): Promise<void> {
  const { world, spares, everyMs = DAY, signal } = job
  while (await wait(everyMs, true, { signal }).catch(() => false)) {
    const ts = Date.now()
    await Promise.all(spares.map((id) => pushTelemetry(job, id, { ts, values: world.values(id, ts) }))).catch(
      job.onProblem,
    )
  }
}

async function pushTelemetry(
  { httpUrl, password, signal }: SpareHeartbeat,
  deviceId: string,
  body: object,
): Promise<void> {
  const answer = await fetch(new URL(`/api/v1/device/${deviceId}/telemetry`, httpUrl), {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${deviceId}:${password}`).toString('base64')}` },
    body: JSON.stringify(body),
    signal,
  })
  if (!answer.ok) throw new Error(`the server refuses ${deviceId}: ${String(answer.status)}`)
  await answer.arrayBuffer()
}
