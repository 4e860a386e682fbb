import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FastifyContextConfig } from 'fastify'
import Type, { type TObject } from 'typebox'
import { inSlices } from '../../server/flows/slices.ts'
import { createLane, queueCostlyReads } from '../../server/http/core/costly-reads.ts'
import { createHttp } from '../../server/http/core/http.ts'
import { silentLog } from '../support/silent-log.ts'
import { operationsOf, type Operation } from '../support/operations.ts'
import { openCover } from '../support/town.ts'
import { aWorld, type World } from '../support/world.ts'

const DAY_MS = 86_400_000

describe('a read that takes long', () => {
  /** Takes its time by the clock, whatever the machine does. */
  function* slowSteps(count: number): Generator<number> {
    for (let step = 0; step < count; step += 1) {
      for (const until = performance.now() + 11; performance.now() < until;);
      yield step
    }
  }

  it('is reckoned in slices, and everybody else has the loop between two of them', async () => {
    let turns = 0
    let isOver = false
    const others = (async () => {
      for (; !isOver; turns += 1) await nextTurn()
    })()
    expect(await inSlices(slowSteps(8))).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    isOver = true
    await others
    expect(turns).toBeGreaterThanOrEqual(8)
  })

  it('runs alone: the next begins when it is answered, and not in the same turn of the loop', async () => {
    const lane = createLane(20)
    const began: string[] = []
    const first = await lane.enter('wall')
    const ask = async (who: string): Promise<void> => {
      const place = await lane.enter(who)
      began.push(who)
      if ('leave' in place) place.leave()
    }
    const asked = Promise.all([ask('wall'), ask('wall')])
    await nextTurn()
    expect(began).toEqual([])
    if ('leave' in first) first.leave()
    expect(began).toEqual([])
    await asked
    expect(began).toEqual(['wall', 'wall'])
  })

  it('waits for one question of each other person, however many somebody has sent', async () => {
    const lane = createLane(20)
    const began: string[] = []
    const first = await lane.enter('script')
    const ask = async (who: string): Promise<void> => {
      const place = await lane.enter(who)
      began.push(who)
      if ('leave' in place) place.leave()
    }
    const asked = ['script', 'script', 'script', 'dispatcher', 'operator'].map(ask)
    if ('leave' in first) first.leave()
    await Promise.all(asked)
    expect(began).toEqual(['script', 'dispatcher', 'operator', 'script', 'script'])
  })

  it('is refused to whoever has too many waiting, and to nobody else; leaving twice gives one place back', async () => {
    const lane = createLane(2)
    const first = await lane.enter('script')
    const waiting = [lane.enter('script'), lane.enter('script')]
    expect(await lane.enter('script')).toMatchObject({ code: 'too-many-requests' })
    const other = lane.enter('dispatcher')
    if (!('leave' in first)) throw new Error('refused')
    first.leave()
    first.leave()
    for (const each of [waiting[0], other, waiting[1]]) {
      const place = await each
      if (place !== undefined && 'leave' in place) place.leave()
    }
    expect(await lane.enter('script')).toMatchObject({ leave: expect.any(Function) as unknown })
  })
})

describe('a route of tomorrow', () => {
  const text = Type.Optional(Type.String())
  const queue = async (query: TObject, config: FastifyContextConfig = {}): Promise<boolean | undefined> => {
    const http = await createHttp({ log: silentLog, identify: () => Promise.resolve(undefined) })
    queueCostlyReads(http)
    let isCostly: boolean | undefined
    http.get('/new', { schema: { querystring: query }, config }, (request) => {
      isCostly = request.routeOptions.config.costly
      return {}
    })
    await http.inject('/new')
    await http.close()
    return isCostly
  }

  it.each(['at', 'from', 'to'])(
    'whose query takes “%s” waits its turn, though nobody has marked it',
    async (name) => {
      // Whoever has not signed in is not queued but refused.
      expect(await queue(Type.Object({ [name]: text }))).toBeUndefined()
    },
  )

  it('that takes none does not wait, and one may say of itself that it is cheap', async () => {
    expect(await queue(Type.Object({ id: text }))).toBe(false)
    expect(await queue(Type.Object({ at: text }), { costly: false })).toBe(false)
  })
})

describe('every route that reads', () => {
  let world: World
  let operations: readonly Operation[]
  beforeAll(async () => {
    world = await aWorld()
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()
    operations = (await operationsOf(world)).filter(
      ({ method, path }) => method === 'GET' && !/\/live$|^\/$|basemap/.test(path),
    )
  })
  afterAll(() => world.close())

  /** The widest, narrowest and oddest that its parameters may be thought to take. */
  function queriesOf({ parameters }: Operation): readonly string[] {
    const names = parameters.filter((one) => one.in === 'query').map(({ name }) => name)
    const now = world.now()
    const instant = (at: number): string => encodeURIComponent(new Date(at).toISOString())
    const spans = [0, 1 / 86_400, 1, 400, 3661, 30_000].flatMap((days) => [
      `from=${instant(now - days * DAY_MS)}&to=${instant(now)}`,
      `from=${instant(now)}&to=${instant(now + days * DAY_MS)}`,
    ])
    const odd: Readonly<Record<string, readonly string[]>> = {
      at: [0, 400, 9000, -400, -26_000].map((days) => instant(now - days * DAY_MS)),
      limit: ['0', '-1', '200', '201', '1e9', '1e400', '0x10', '1.5', ''],
      cursor: ['0_x', '999999999999999_z', '1_', 'zzz', '-1_x', '%00'],
      points: ['0', '1', '2', '2000', '999999', 'x'],
      q: ['%25', '_', 'a'.repeat(100), '路'.repeat(101)],
      stuck: [','.repeat(1000), 'w1,'.repeat(300)],
      near: ['0,0', '180,90', '181,91', ',', 'x,y'],
    }
    return [
      '',
      ...(names.includes('from') ? spans : []),
      ...names.flatMap((name) => (odd[name] ?? []).map((value) => `${name}=${value}`)),
    ].map((query) => (names.includes('asset') ? `asset=w1&${query}` : query))
  }

  it('answers odd spans, pages and years, many at once, with what it has or with a refusal', async () => {
    const headers = { cookie: await world.as('wall').cookie() }
    const seen = new Map<number, number>()
    const wrong: string[] = []
    for (const operation of operations) {
      const asked = queriesOf(operation).map(async (query) => {
        const path = `${operation.path.replaceAll(/\{\w+\}/g, 'w1')}?${query}`
        const { status, body } = await fetch(world.url() + path, { headers })
        await body?.cancel()
        seen.set(status, (seen.get(status) ?? 0) + 1)
        if (status >= 500) wrong.push(`${path} → ${String(status)}`)
      })
      await Promise.all(asked)
    }
    expect(wrong).toEqual([])
    expect([...seen.keys()].filter((status) => ![200, 400, 403, 404, 422, 429].includes(status))).toEqual([])
    expect(seen.get(200)).toBeGreaterThan(50)
    expect((await world.as('dispatcher').tickets()).length).toBe(1)
  })

  it.each([
    ['/roster/gaps', 400],
    ['/roster/timeline', 62],
    ['/roster/phone-tests', 62],
    ['/board/timeline', 31],
    ['/kpi', 3660],
    ['/kpi.csv', 3660],
  ])('%s reckons over %i days at most', async (path, days) => {
    const instant = (at: number): string => encodeURIComponent(new Date(at).toISOString())
    const status = async (span: number): Promise<number> => {
      const query = `from=${instant(world.now() - span * DAY_MS)}&to=${instant(world.now())}`
      return (await world.as('wall').ask('GET', `${path}?${query}`)).status
    }
    expect(await status(days)).toBe(200)
    expect(await status(days + 1)).toBe(400)
  })
})
