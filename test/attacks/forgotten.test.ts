import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeBackup } from '../../server/backup/backup.ts'
import { aReceiver, type Receiver } from '../notify/receiver.ts'
import { operationsOf } from '../support/operations.ts'
import { silentLog } from '../support/silent-log.ts'
import { aWorld, type World } from '../support/world.ts'

/** They are nobody's, so that they are found wherever they turn up. */
const NUMBER = '13977700077'
const NAME = '金丝雀'
const KEEP_DAYS = 30

let group: Receiver
let program: Receiver
let world: World
let before: string
beforeAll(async () => {
  before = mkdtempSync(join(tmpdir(), 'forgotten-'))
  group = await aReceiver(() => ({ body: { errcode: 0, errmsg: 'ok' } }))
  program = await aReceiver(() => ({}))
  const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`
  const channel = [
    { id: 'group', type: 'wecom' as const, url: `${group.url}/send` },
    { id: 'erp', type: 'webhook' as const, url: `${program.url}/hook`, secret },
  ]
  const notify = { language: 'zh' as const, allow: ['127.0.0.1'], channel }
  world = await aWorld({ config: { notify, callerRetentionDays: KEEP_DAYS } })
  const desk = world.as('operator')
  const caller = { address: '解放路 1 号', callerName: NAME, callerPhone: NUMBER, join: 'new' }
  const asks = { kind: 'consult', contact: 'consult', description: `请回电 ${NUMBER}`, ...caller }
  const once = { 'idempotency-key': 'the-same-call' }
  const taken = await desk.ask<{ ticket: { id: string } }>('POST', '/calls', asks, once)
  await desk.does(taken.body.ticket.id, 'answer', { text: '已回电' })
  await world.advance({ hours: 2 })
})
afterAll(async () => {
  await world.close()
  await group.close()
  await program.close()
  rmSync(before, { recursive: true, force: true })
})

/** Files below a folder that hold the number or the name, whatever format they have. */
function filesWithCaller(dir: string, texts: readonly string[] = [NUMBER, NAME]): readonly string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => texts.some((text) => readFileSync(path).includes(text)))
}
async function backUp(to: string): Promise<string> {
  await makeBackup({ dataDir: world.dir, to, version: '1.0.0', log: silentLog })
  return to
}

describe('N29 the name and the number of a caller', () => {
  it('are in no message to a group or a program', () => {
    const sent = [...group.got, ...program.got].map(({ text, headers }) => text + JSON.stringify(headers))
    expect(sent.length).toBeGreaterThan(1)
    expect(sent.filter((text) => text.includes(NUMBER) || text.includes(NAME))).toEqual([])
  })

  it.each(['wall', 'engineer', 'crew-area-2', 'officer-network-ops'])(
    'are in nothing that %s reads, no table to download and no list of messages',
    async (who) => {
      const headers = { cookie: await world.as(who).cookie() }
      const found: string[] = []
      let read = 0
      for (const { method, path } of await operationsOf(world)) {
        if (method !== 'GET' || /\/live$|basemap|\{|^\/$/.test(path)) continue
        const text = await (await fetch(world.url() + path, { headers })).text()
        read += text.length
        if (text.includes(NUMBER) || text.includes(NAME)) found.push(path)
      }
      expect(found).toEqual([])
      expect(read).toBeGreaterThan(10_000)
    },
  )

  it('are gone from every byte of the disk and of a new backup once the time to keep them is over', async () => {
    expect(filesWithCaller(world.dir)).not.toEqual([])
    expect(filesWithCaller(await backUp(join(before, 'first')))).not.toEqual([])
    await world.advance({ hours: 24 * (KEEP_DAYS + 2) })
    expect(filesWithCaller(world.dir)).toEqual([])
    expect(filesWithCaller(await backUp(join(before, 'second')))).toEqual([])
  })
})
