import { afterEach, describe, expect, it } from 'vitest'
import type { SystemHealth } from '#contract/live.ts'
import { WUDA } from '../../server/domain/policy/wuda.ts'
import { missingParts } from '../../server/domain/self-monitoring/set-up.ts'
import { troublesOf } from '../../server/domain/self-monitoring/trouble.ts'
import { createHttp, type Http } from '../../server/http/core/http.ts'
import { operationRoutes } from '../../server/http/operation/operation-routes.ts'
import { partsState } from '../support/parts-state.ts'
import { silentLog } from '../support/silent-log.ts'

let http: Http | undefined
afterEach(() => http?.close())

const HEALTH: SystemHealth = {
  at: '2026-01-15T23:06:24+08:00',
  broker: { ok: true, clients: 0, messagesPerMinute: 0 },
  journal: { ok: true, pending: 0, capacityLeft: 1 },
  store: { ok: true, kind: 'embedded', lagMessages: 0 },
  detector: { ok: true, lagMessages: 0 },
  disk: { ok: true, freeBytes: 2 ** 40 },
  channels: { configured: 0, failing: 0 },
  troubles: [],
  rejected: {},
  clock: 'system',
}

const RULES = { policy: WUDA, calendar: { '1970': { holidays: [], workdays: [] } } }

async function readiness(configured: number, failingChannels: readonly string[] = []) {
  http = await createHttp({ log: silentLog, identify: () => Promise.resolve(undefined) })
  await http.register(
    operationRoutes({
      clock: { now: () => 0 },
      retireWall: () => false,
      health: () => ({ ...HEALTH, channels: { configured, failing: failingChannels.length } }),
      troubles: () => troublesOf(partsState({ failingChannels })),
      missing: () =>
        Promise.resolve(missingParts({ people: true, assets: 1, channels: configured, ...RULES, at: 0 })),
      metrics: () => Promise.resolve(''),
    }),
  )
  const answer = await http.inject({ url: '/readyz' })
  return { status: answer.statusCode, body: answer.json() }
}

describe('GET /readyz', () => {
  it('names channels that nobody has set up, and takes them for no fault', async () => {
    const { status, body } = await readiness(0)
    expect(status).toBe(200)
    expect(body).toMatchObject({ ready: true, reasons: [], degraded: [], troubles: [] })
    expect(body.notSetUp).toEqual([expect.stringMatching(/^channels: none to people is configured/)])
  })

  it('names none where there is one, though it fails', async () => {
    const { body } = await readiness(1, ['group'])
    expect(body.notSetUp).toEqual([])
    expect(body.degraded).toEqual([expect.stringMatching(/^channels: /)])
  })
})
