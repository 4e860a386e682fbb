import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { KPI_GROUPS } from '#contract/kpi.ts'
import { aReceiver, type Receiver } from '../notify/receiver.ts'
import { aCall, type Taken } from '../support/calls.ts'
import { at } from '../support/desk-world.ts'
import { serverProcess, type ServerProcess } from '../support/server-process.ts'
import { openCover } from '../support/town.ts'
import { furnishedDir } from '../support/world.ts'

// Starting a server takes seconds where many processes share the machine.
vi.setConfig({ testTimeout: 120_000 })

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface Night {
  readonly server: ServerProcess
  readonly group: Receiver
  readonly gateway: Receiver
}

/** A server with a robot and an SMS gateway that both answer. */
async function aNight(): Promise<Night> {
  const nearby = mkdtempSync(join(tmpdir(), 'drill-'))
  closing.push(() => rmSync(nearby, { recursive: true, force: true }))
  const group = await aReceiver(() => ({ body: { errcode: 0, errmsg: 'ok' } }))
  const gateway = await aReceiver(() => ({}))
  closing.push(
    () => group.close(),
    () => gateway.close(),
  )
  const config = join(nearby, 'wellwatch.toml')
  const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`
  writeFileSync(
    config,
    `[notify]
allow = ["127.0.0.1"]
[[notify.channel]]
id = "group"
type = "wecom"
url = "${group.url}/send"
[[notify.channel]]
id = "erp"
type = "webhook"
url = "${gateway.url}/hook"
secret = "${secret}"
`,
  )
  const env = { WELLWATCH_CLOCK: 'manual', WELLWATCH_CONFIG: config }
  const server = await serverProcess(await furnishedDir(), { env })
  closing.push(() => server.remove())
  await server.start()
  return { server, group, gateway }
}

async function killedAndBack(server: ServerProcess): Promise<void> {
  await server.kill()
  await server.start()
}

const DRILLED = '演练专用地址'

/** A real displaced cover and a real complaint, and, where it is asked for, a drill at another well meanwhile. */
async function liveThrough({ server }: Night, withDrill: boolean): Promise<void> {
  const moveTo = (text: string) => server.as('admin').put('/clock', { now: `2026-01-${text}+08:00` })
  const dispatcher = server.as('dispatcher')
  let drill = ''
  if (withDrill) {
    drill = (
      await dispatcher.post<{ id: string }>('/drills', {
        reason: '冬季前演练',
        assetIds: ['w1'],
        until: '2026-01-16T08:00:00+08:00',
      })
    ).id
    await server.publish('dev-w1', openCover(at('22:50:00'), 1))
  }
  await server.publish('dev-w2', openCover(at('22:50:00'), 1))
  await killedAndBack(server)
  await moveTo('15T22:55:00')
  const operator = server.as('operator')
  if (withDrill) {
    const { ticket } = await operator.post<Taken>(
      '/calls',
      aCall({ exercise: true, assetId: 'b1', address: DRILLED, callerPhone: '13900000001', join: 'new' }),
    )
    expect(ticket.exercise).toBe(true)
  }
  await operator.post<Taken>(
    '/calls',
    aCall({ kind: 'not_hot', contact: 'complaint', address: '胜利街 9 号楼', join: 'new' }),
  )
  await killedAndBack(server)
  await moveTo('16T03:30:00')
  if (withDrill) {
    const open = await dispatcher.tickets('state=open')
    expect(
      open
        .filter(({ exercise }) => exercise)
        .map(({ assetId }) => assetId)
        .sort(),
    ).toEqual(['b1', 'w1'])
    await killedAndBack(server)
    expect((await dispatcher.ask('DELETE', `/drills/${drill}`)).status).toBe(200)
    const { tickets } = await dispatcher.get<{ tickets: unknown[] }>(`/drills/${drill}/report`)
    expect(tickets.length).toBeGreaterThanOrEqual(1)
  }
  await moveTo('17T09:00:00')
}

const said = ({ group, gateway }: Night): string[] => [...group.got, ...gateway.got].map(({ text }) => text)

/** What was told of each ticket, without the number, which the drill may have moved on. */
const told = (night: Night): string[] =>
  night.group.got.map(({ body }) => String(body.text.content).replaceAll(/GW-\d+-\d+/g, 'GW')).sort()

async function figures({ server }: Night): Promise<unknown> {
  const period = 'from=2026-01-01&to=2026-01-31'
  const manager = server.as('admin')
  return Promise.all(
    ['', ...KPI_GROUPS.map((by) => `&by=${by}`)].flatMap((by) => [
      manager.get(`/kpi?${period}${by}`),
      manager.ask('GET', `/kpi.csv?${period}${by}`),
    ]),
  )
}

describe('A45 a drill with real channels, through kill -9 at every stage', () => {
  it('tells nobody outside, and every figure and every real message is as without it', async () => {
    const [drilled, plain] = [await aNight(), await aNight()]
    await Promise.all([liveThrough(drilled, true), liveThrough(plain, false)])
    expect(plain.group.got.length).toBeGreaterThan(3)
    expect(told(drilled)).toEqual(told(plain))
    expect(drilled.gateway.got.map(({ body }) => body.type).sort()).toEqual(
      plain.gateway.got.map(({ body }) => body.type).sort(),
    )
    for (const text of said(drilled)) expect(text).not.toMatch(new RegExp(`${DRILLED}|演练|"exercise":true`))
    expect(await figures(drilled)).toEqual(await figures(plain))
  })
})
