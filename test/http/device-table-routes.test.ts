import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { utils, write } from '@e965/xlsx'
import type { DeviceImportAnswer } from '#contract/device-list.ts'
import type { DeviceProperties } from '#contract/network.ts'
import type { Problem } from '#contract/problem.ts'
import { SIGNALS } from '#contract/signals.ts'
import type { Role } from '#contract/vocabulary.ts'
import type { NetworkRegistry } from '../../server/flows/network/change-network.ts'
import { understandDevices, type ReadDeviceTable } from '../../server/flows/network/import-devices.ts'
import { BadFile } from '../../server/formats/bad-file.ts'
import { deviceTableThread } from '../../server/formats/delivery-thread.ts'
import { readDelivery } from '../../server/formats/read-delivery.ts'
import { writeWorkbook } from '../../server/formats/write-workbook.ts'
import { deviceTableRoutes } from '../../server/http/devices/device-table-routes.ts'
import { createHttp, type Http } from '../../server/http/core/http.ts'
import { aRegistry } from '../support/network-registry.ts'
import { aDevice, aFile, aPipe, aSource, aStation, aWell, place } from '../support/networks.ts'
import { silentLog } from '../support/silent-log.ts'
import { multipartOf } from './desk-app.ts'

const H = aSource('H', place(0, 0), {
  devices: [{ id: 'rtu-1', signals: Object.keys(SIGNALS), intervalS: 10 }],
})
const A = aWell('W-1', place(500, 0), {
  name: '一号井',
  devices: [aDevice('dev-a', { power: 'battery', installedTiltDeg: -2.5, pipe: 'HA', side: 'supply' })],
})
const S = aStation('S-1', place(1000, 0))
const FILE = aFile(H, A, S, aPipe('HA', H, A), aPipe('AS', A, S))

/** A thread costs more than the small tables here: only the large one is read in its own. */
const read: ReadDeviceTable = async (order) => {
  if (order.files[0].bytes.byteLength > 20_000) return deviceTableThread(order)
  try {
    return understandDevices(await readDelivery(order.files), order)
  } catch (error) {
    if (!(error instanceof BadFile)) throw error
    return { kind: 'bad', said: error.said }
  }
}

let http: Http
let registry: NetworkRegistry

beforeAll(async () => {
  http = await createHttp({
    log: silentLog,
    identify: async (role) => ({ kind: 'person', id: role, name: role, roles: [role as Role] }),
  })
  const current = {
    current: () => registry.current(),
    changeDevices: (...asked: Parameters<NetworkRegistry['changeDevices']>) =>
      registry.changeDevices(...asked),
  }
  await http.register(deviceTableRoutes({ registry: current, read, writeWorkbook }))
})
afterAll(() => http.close())

async function fresh(): Promise<void> {
  registry = (await aRegistry()).registry
  await registry.import(FILE, { by: 'test' })
}

async function give(
  table: string | Buffer,
  { name = 'list.csv', query = '', role = 'engineer', mapping = '' } = {},
) {
  const form = multipartOf(name, typeof table === 'string' ? Buffer.from(table) : table, 'file')
  const boundary = '------wellwatch'
  const field = `${boundary}\r\nContent-Disposition: form-data; name="mapping"\r\n\r\n${mapping}\r\n`
  const payload = mapping === '' ? form.payload : Buffer.concat([Buffer.from(field), form.payload])
  const headers = { ...form.headers, authorization: `Bearer ${role}` }
  const reply = await http.inject({ method: 'POST', url: `/api/v1/devices/import${query}`, headers, payload })
  return { status: reply.statusCode, body: reply.json<DeviceImportAnswer & Problem>() }
}
async function take(url: string, role = 'engineer') {
  return http.inject({ url: `/api/v1${url}`, headers: { authorization: `Bearer ${role}` } })
}
const device = (id: string): DeviceProperties | undefined => registry.current().devices.get(id)
const workbook = (rows: readonly (readonly unknown[])[]): Buffer =>
  write(
    {
      SheetNames: ['说明', '设备'],
      Sheets: { 说明: utils.aoa_to_sheet([['a'], ['b']]), 设备: utils.aoa_to_sheet(rows as unknown[][]) },
    },
    { type: 'buffer', bookType: 'xlsx' },
  ) as Buffer

const CHINESE = `设备编号,井号,监测项目,上报间隔(分钟),供电方式
wg-1,W-1,井盖倾角、井盖开启,15,锂电池
wg-2,换热站S-1,"管道压力;temperature_c",1小时,市电
`

describe('a table of devices', () => {
  it('comes in from a Chinese list, previewed first, with nothing done by the preview', async () => {
    await fresh()
    const preview = await give(CHINESE, { query: '?dryRun=true' })
    expect(preview).toMatchObject({
      status: 200,
      body: {
        rows: 2,
        added: ['wg-1', 'wg-2'],
        changed: [],
        unchanged: 0,
        mistakes: [],
        mapping: {
          fields: {
            id: '设备编号',
            assetId: '井号',
            signals: '监测项目',
            intervalS: { column: '上报间隔(分钟)', scale: 60 },
            power: '供电方式',
          },
        },
      },
    })
    expect(preview.body.warningsEn?.join()).toContain('wg-2 were found by name')
    expect(registry.current().version).toBe(1)
    expect((await give(CHINESE)).body).toMatchObject({ added: ['wg-1', 'wg-2'] })
    expect(registry.current().devices.get('wg-2')).toMatchObject({
      ...{ assetId: 'S-1', signals: ['pressure_mpa', 'temperature_c'], intervalS: 3600, power: 'wired' },
    })
    expect(device('wg-1')).toMatchObject({ signals: ['cover_tilt_deg', 'cover_open'], intervalS: 900 })
    expect((await give(CHINESE)).body).toMatchObject({ added: [], changed: [], unchanged: 2 })
  })

  it('comes in from GB18030 and from a workbook alike', async () => {
    await fresh()
    const gb = Buffer.concat([
      Buffer.from([0xc9, 0xe8, 0xb1, 0xb8, 0xb1, 0xe0, 0xba, 0xc5]), // 设备编号
      Buffer.from(',site,signals,interval_min\ng-1,W-1,cover_open,5\n'),
    ])
    expect((await give(gb)).body).toMatchObject({ added: ['g-1'] })
    expect(device('g-1')?.intervalS).toBe(300)
    const rows = [
      ['设备一览表'],
      ['编号', '所在设施', '信号', '上报间隔', '安装倾角'],
      [867000000000001, 'W-1', '井盖倾角', '900', 1.5],
    ]
    const done = await give(workbook(rows), { name: 'list.xlsx' })
    expect(done.body).toMatchObject({ added: ['867000000000001'] })
    expect(device('867000000000001')).toMatchObject({ intervalS: 900, installedTiltDeg: 1.5 })
  })

  it('keeps what it does not speak of, and takes away what it leaves empty', async () => {
    await fresh()
    expect((await give('id,assetId\ndev-a,S-1\n')).body).toMatchObject({ changed: ['dev-a'] })
    expect(registry.current().devices.get('dev-a')).toMatchObject({
      assetId: 'S-1',
      power: 'battery',
      side: 'supply',
    })
    await give('id,power\ndev-a,\n')
    expect(device('dev-a')).not.toHaveProperty('power')
    expect(device('dev-a')).toMatchObject({ intervalS: 60 })
  })

  it.each(['csv', 'xlsx'])('goes out as %s and comes in again unchanged, in both languages', async (kind) => {
    await fresh()
    for (const lang of ['zh', 'en']) {
      const file = await take(`/devices.${kind}?lang=${lang}`)
      expect(file.headers['content-disposition']).toContain(`devices.${kind}`)
      const again = await give(file.rawPayload, { name: `devices.${kind}` })
      expect(again).toMatchObject({ status: 200, body: { added: [], changed: [], unchanged: 2 } })
    }
    expect(registry.current().version).toBe(1)
  })

  it('names each mistake with its row and column, and imports nothing of it', async () => {
    await fresh()
    const table = `id,assetId,signals,intervalS,pipe
ok-1,W-1,cover_open,60,
Bad One,W-1,cover_open,60,
dev-x,W-9,cover_open,60,
dev-y,w-1,cover_open,often,
ok-1,W-1,cover_open,60,
dev-z,HA,,60,XX
`
    const { status, body } = await give(table, { query: '?dryRun=true' })
    expect(status).toBe(200)
    const told = body.mistakes.map(({ row, column, messageEn }) => `${row} ${column}: ${messageEn}`)
    expect(told).toEqual([
      expect.stringMatching(/^3 id: id: lower-case letters/),
      '4 assetId: there is no asset W-9',
      expect.stringMatching(/^5 intervalS: intervalS: a number/),
      '5 assetId: there is no asset w-1 (is W-1 meant?)',
      '6 id: the device ok-1 is there more than once',
      '7 signals: signals is missing',
      expect.stringMatching(/^7 assetId: HA is a pipe/),
      expect.stringMatching(/^7 pipe: the pipe XX/),
    ])
    expect(body).toMatchObject({ added: [], changed: [] })
    const refused = await give(table)
    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: 'bad-value',
        errors: expect.arrayContaining([expect.objectContaining({ origin: [0, 4] })]),
      },
    })
    expect(refused.body.detailEn).toContain('8 mistakes; nothing was changed')
    expect(registry.current().version).toBe(1)
  })

  it('is matched by a person where its columns say nothing', async () => {
    await fresh()
    const table = 'A,B,C\nd-1,W-1,cover_open\n'
    const lost = await give(table, { query: '?dryRun=true' })
    expect(lost.body.mistakes[0]?.messageEn).toContain('no column was recognised as the id')
    expect(lost.body.columns).toHaveLength(3)
    const fields = { id: 'A', assetId: 'B', signals: 'C', intervalS: { value: 900 } }
    expect((await give(table, { mapping: JSON.stringify({ fields }) })).body).toMatchObject({
      added: ['d-1'],
    })
    for (const [wrong, words] of [
      [{ ...fields, signals: 'A' }, 'the column A is matched to id and to signals'],
      [{ ...fields, signals: 'Z' }, 'the file has no column Z'],
      [{ ...fields, colour: 'C' }, 'a device has no property colour'],
    ] as const) {
      const { status, body } = await give(table, { mapping: JSON.stringify({ fields: wrong }) })
      expect(status).toBe(422)
      expect(JSON.stringify(body.errors)).toContain(words)
    }
  })

  it.each([
    ['an empty file', '', 'a.csv', 422, 'empty'],
    ['a head alone', 'id,assetId\n', 'a.csv', 422, 'no row'],
    ['another format', 'hello', 'a.pdf', 422, 'format is not known'],
    ['a damaged workbook', 'PK\u0003\u0004 broken', 'a.xlsx', 422, 'a.xlsx'],
  ] as const)('refuses %s in one sentence', async (...[, table, name, status, words]) => {
    await fresh()
    const refused = await give(table, { name })
    expect(refused.status).toBe(status)
    expect(refused.body.detailEn).toContain(words)
  })

  it('is for engineers', async () => {
    await fresh()
    expect((await give(CHINESE, { role: 'dispatcher' })).status).toBe(403)
    expect((await take('/devices.csv', 'wall')).statusCode).toBe(403)
    const headers = { authorization: 'Bearer engineer' }
    const plain = await http.inject({
      method: 'POST',
      url: '/api/v1/devices/import',
      headers,
      payload: { a: 1 },
    })
    expect(plain.json<Problem>().detailEn).toContain('multipart')
  })

  it('takes twelve hundred devices at once', async () => {
    const wells = Array.from({ length: 1200 }, (_, i) => aWell(`W-${i}`, place(i * 10, 0)))
    registry = (await aRegistry()).registry
    await registry.import(aFile(...wells), { by: 'test' })
    const rows = wells.map((_, i) => [`d-${i}`, `W-${i}`, '井盖倾角;井盖开启', 15, '电池'])
    const list = workbook([['设备编号', '井号', '信号', '上报间隔(分钟)', '供电'], ...rows])
    const start = performance.now()
    const { body } = await give(list, { name: 'list.xlsx' })
    expect(body.added).toHaveLength(1200)
    expect(registry.current().devices.size).toBe(1200)
    console.info(`1,200 devices imported in ${Math.round(performance.now() - start)} ms`)
  })
})
