import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttp, type Http } from '../../server/http/core/http.ts'
import { isolationRoutes } from '../../server/http/network/isolation-routes.ts'
import { at, PEOPLE } from '../support/desk-world.ts'
import { aNetwork, anArea, aPipe, aSource, aStation, aValve, aWell, place } from '../support/networks.ts'
import { silentLog } from '../support/silent-log.ts'

const [S, V1, V2] = [aSource('S', place(0, 0)), aValve('V1', place(100, 0)), aValve('V2', place(300, 0))]
const W = aWell('W', place(200, 0), { address: '迎宾路与学府街路口' })
const H = aStation('H', place(400, 0), { households: 320, heatedAreaM2: 12000, address: '学府街 8 号' })
const G = aStation('G', place(200, 200))
const B = aWell('B', place(500, 0), { network: 'secondary', address: '和平巷' })
const network = aNetwork(
  ...[S, V1, W, V2, H, G, B],
  ...[aPipe('p1', S, V1), aPipe('p2', V1, W), aPipe('p3', W, V2), aPipe('p4', V2, H), aPipe('p5', W, G)],
  aPipe('p6', H, B, { network: 'secondary', class: 'branch' }),
  anArea('area-1', place(-1000, -1000), place(5000, 5000)),
)

let http: Http
beforeAll(async () => {
  http = await createHttp({
    log: silentLog,
    identify: async (token) => Object.entries(PEOPLE).find(([name]) => name === token)?.[1],
  })
  const source = { current: () => network, asOf: () => network, onChange: () => () => undefined }
  await http.register(isolationRoutes({ network: source, clock: { now: () => at('10:00:00') } }))
})
afterAll(() => http.close())

async function ask(query: string, who: string | undefined = 'dispatcher') {
  const headers = who === undefined ? {} : { authorization: `Bearer ${who}` }
  const response = await http.inject({ url: `/api/v1/isolation?${query}`, headers })
  return { status: response.statusCode, body: response.json() as ReturnType<typeof JSON.parse> }
}

describe('GET /isolation', () => {
  it('gives the valves, who loses heat, and a drafted notice', async () => {
    const { status, body } = await ask('asset=W')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      valves: ['V1'],
      againstDraining: ['V2'],
      stop: [],
      households: 320,
      heatedAreaM2: 12000,
      unknown: ['G'],
      stations: [
        { id: 'G', partly: false },
        { id: 'H', households: 320, partly: false },
      ],
      streets: ['和平巷', '学府街 8 号', '迎宾路与学府街路口'],
      areas: [{ departmentId: 'area-1' }],
    })
    expect(body.notice.zh).toBe(
      '停热公告:因热力井W抢修,需临时停热。涉及换热站:换热站G、换热站H,至少 320 户、12000 平方米。' +
        '涉及地段:和平巷、学府街 8 号、迎宾路与学府街路口。恢复供热时间另行通知,给您带来不便,敬请谅解。',
    )
    expect(body.notice.en).toContain('at least 320 households, 12000 m²')
  })

  it('with a stuck valve walks on to the next ring, and at last says what has to be stopped', async () => {
    expect((await ask('asset=H&stuck=V2')).body).toMatchObject({ valves: ['V1'], stop: [] })
    expect((await ask('asset=H&stuck=V1,V2')).body).toMatchObject({
      valves: [],
      stop: ['S'],
      openWays: [['H', 'V2', 'W', 'V1', 'S']],
    })
  })

  it('on the secondary network counts the station as a part: its households are the most it can be', async () => {
    const { body } = await ask('asset=B')
    expect(body).toMatchObject({ level: 'secondary', stop: ['H'], stations: [{ id: 'H', households: 320 }] })
  })

  it('refuses what it does not know', async () => {
    expect(await ask('asset=X')).toMatchObject({ status: 404, body: { code: 'not-found' } })
    expect(await ask('asset=W&stuck=W')).toMatchObject({ status: 422, body: { code: 'bad-value' } })
    expect(await ask('stuck=V1')).toMatchObject({ status: 400 })
    expect(await ask('asset=W', '')).toMatchObject({ status: 401 })
  })
})
