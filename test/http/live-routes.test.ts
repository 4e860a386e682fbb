import fastify from 'fastify'
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { afterEach, expect, it, vi } from 'vitest'
import type { Person } from '../../server/domain/access/actor.ts'
import type { LiveSnapshot } from '#contract/live.ts'
import { liveRoutes } from '../../server/http/operation/live-routes.ts'
import { createLiveHub } from '../../server/live/live-hub.ts'
import { PEOPLE } from '../support/desk-world.ts'

const sockets: Socket[] = []
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const close of closing.splice(0)) await close()
})

/** `?crew` and `?operator` by name, `?crew=7` one of many, anything else a wall. */
function actorIn(url: string): Person {
  const [, role, number = ''] = /[?](crew|operator)=?([0-9]*)/.exec(url) ?? []
  const person = role === 'crew' ? PEOPLE.crew : role === 'operator' ? PEOPLE.operator : PEOPLE.wall
  return { ...person, id: person.id + number }
}

const NOTHING = {} as unknown as Omit<LiveSnapshot, 'cursor'>

/** The feed alone, whose snapshot takes as long as `snapshot` wants. */
async function aFeed(snapshot: () => Promise<Omit<LiveSnapshot, 'cursor'>>) {
  const hub = createLiveHub('e1')
  const http = fastify().decorate('clauses', {})
  http.addHook('onRequest', async (request) => void Object.assign(request, { actor: actorIn(request.url) }))
  liveRoutes({
    hub,
    snapshot,
    stillSignedIn: async () => true,
    watchSessions: () => undefined,
    tokenOf: () => 'token',
    expectWall: () => undefined,
    censor: (_event, data) => data,
    health: () => {
      throw new Error('not asked')
    },
  })(http as never)
  await http.listen({ port: 0, host: '127.0.0.1' })
  closing.push(() => http.close())
  const address = http.server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const screen = async (query = ''): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    sockets.push(socket)
    socket.write(`GET /api/v1/live${query} HTTP/1.1\r\nhost: x\r\n\r\n`)
    await once(socket, 'connect')
    return socket
  }
  return { hub, screen }
}

it('a screen that leaves before its snapshot is there leaves nothing behind', async () => {
  const { promise, resolve } = Promise.withResolvers<typeof NOTHING>()
  const asked = vi.fn(() => promise)
  const { hub, screen } = await aFeed(asked)
  const gone = await screen()
  await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce())
  gone.destroy()
  await once(gone, 'close')
  await new Promise((wait) => setTimeout(wait, 50))
  resolve(NOTHING)
  await new Promise((wait) => setTimeout(wait, 50))
  expect(hub.subscribers()).toBe(0)
})

it('a snapshot that cannot be read ends that screen alone, and its place is free again', async () => {
  let isBroken = true
  const { hub, screen } = await aFeed(async () => {
    if (isBroken) throw new Error('disk I/O error')
    return NOTHING
  })
  const socket = await screen()
  if (!socket.closed) await once(socket, 'close')
  expect(hub.subscribers()).toBe(0)
  isBroken = false
  await screen()
  await vi.waitFor(() => expect(hub.subscribers()).toBe(1))
})

/** The answer is over, though the connection may carry another one. */
const LAST_CHUNK = '\r\n0\r\n\r\n'

it('a screen that must begin anew is let go', async () => {
  const { hub, screen } = await aFeed(async () => NOTHING)
  const socket = await screen()
  let heard = ''
  const { promise: ended, resolve } = Promise.withResolvers<undefined>()
  socket.once('end', resolve).on('data', (text) => {
    heard += String(text)
    if (heard.endsWith(LAST_CHUNK)) resolve(undefined)
  })
  await vi.waitFor(() => expect(heard).toContain('event: snapshot'))
  expect(hub.subscribers()).toBe(1)
  hub.startAnew()
  await ended
  expect(hub.subscribers()).toBe(0)
})

it('screens of one person that come together share a snapshot, and each hears what came since', async () => {
  const { promise, resolve } = Promise.withResolvers<typeof NOTHING>()
  const asked = vi.fn(() => promise)
  const { hub, screen } = await aFeed(asked)
  const heard: string[] = ['', '']
  for (const n of [0, 1]) {
    const socket = await screen()
    socket.on('data', (text) => (heard[n] += String(text)))
    await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce())
    hub.publish('alarm', 'a', `event ${String(n)}`)
  }
  await new Promise((wait) => setTimeout(wait, 30))
  resolve(NOTHING)
  await vi.waitFor(() => expect(hub.subscribers()).toBe(2))
  hub.publish('alarm', 'a', 'event 2')
  await vi.waitFor(() => expect(heard.join()).toMatch(/event 2.*event 2/s))
  expect(asked).toHaveBeenCalledOnce()
  for (const text of heard) {
    expect(text.match(/event: snapshot|event \d/g)).toEqual([
      'event: snapshot',
      'event 0',
      'event 1',
      'event 2',
    ])
  }
})

it('F14 a screen that has missed more than a slow one may owe still gets all of it', async () => {
  const { hub, screen } = await aFeed(async () => NOTHING)
  const cursor = hub.cursor()
  const long = 'x'.repeat(20_000)
  for (let n = 0; n < 200; n += 1) hub.publish('alarm', 'a', `event ${String(n)} ${long}`)
  const socket = await screen(`?lastEventId=${cursor}`)
  let heard = ''
  socket.on('data', (text) => (heard += String(text)))
  await vi.waitFor(() => expect(hub.subscribers()).toBe(1))
  hub.publish('alarm', 'a', 'event 200')
  await vi.waitFor(() => expect(heard).toContain('event 200'), { timeout: 5000 })
  expect(heard.match(/event \d+/g)).toHaveLength(201)
})

it('P5 one person’s session keeps no other screen out, and its own come in again once some have gone', async () => {
  const { screen } = await aFeed(() => Promise.resolve(NOTHING))
  const answerTo = async (query: string): Promise<readonly [Socket, string]> => {
    const socket = await screen(query)
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    return [socket, bytes.toString().slice(9, 12)]
  }
  const all = await Promise.all(Array.from({ length: 60 }, () => answerTo('?crew')))
  expect(all.filter(([, status]) => status === '200')).toHaveLength(50)
  expect(all.filter(([, status]) => status === '503')).toHaveLength(10)
  expect((await answerTo(''))[1]).toBe('200')
  for (const [socket] of all) socket.destroy()
  await vi.waitFor(async () => expect((await answerTo('?crew'))[1]).toBe('200'))
})

it('P5 however many accounts fill the feeds, the desks find theirs free', async () => {
  const { screen } = await aFeed(() => Promise.resolve(NOTHING))
  const answerTo = async (query: string): Promise<string> => {
    const [bytes] = (await once(await screen(query), 'data')) as [Buffer]
    return bytes.toString().slice(9, 12)
  }
  const queries = Array.from({ length: 520 }, (_, i) => `?crew=${String(Math.floor(i / 50))}`)
  const all = await Promise.all(queries.map(answerTo))
  expect(all.filter((status) => status === '200')).toHaveLength(500)
  expect(await answerTo('')).toBe('503')
  expect(await answerTo('?operator')).toBe('200')
})
