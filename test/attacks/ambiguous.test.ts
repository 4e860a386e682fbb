import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await aWorld({ network: 'none' })
})
afterAll(() => world.close())

describe('N27 requests that a proxy and we might read differently', () => {
  /** Every status that comes back until the connection ends. */
  async function statuses(text: string): Promise<string[]> {
    const { hostname, port } = new URL(world.url())
    const socket = connect(Number(port), hostname)
    let said = ''
    socket.on('data', (bytes) => (said += bytes.toString('latin1')))
    socket.on('error', () => undefined)
    socket.write(text)
    await once(socket, 'close')
    return [...said.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status = '']) => status)
  }
  const hidden = 'GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
  const post = (headers: string, body: string) =>
    `POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}\r\n${body}`

  it.each([
    ['both lengths', post('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${hidden}`)],
    ['two lengths', post('Content-Length: 2\r\nContent-Length: 60\r\n', `{}${hidden}`)],
    ['a list of lengths', post('Content-Length: 2, 2\r\n', `{}${hidden}`)],
    ['a signed length', post('Content-Length: +2\r\n', `{}${hidden}`)],
    ['another encoding last', post('Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${hidden}`)],
    ['a space before the colon', post('Transfer-Encoding : chunked\r\n', `0\r\n\r\n${hidden}`)],
    ['lines that end in LF alone', 'GET /livez HTTP/1.1\nHost: x\n\n'],
    ['a folded line', `GET /livez HTTP/1.1\r\nHost: x\r\nX: a\r\n b: c\r\n\r\n${hidden}`],
    ['two hosts', 'GET /livez HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n'],
    ['no host', `GET /livez HTTP/1.1\r\n\r\n${hidden}`],
  ])('%s: 400, and nothing behind it is answered', async (_, text) => {
    expect(await statuses(text)).toEqual(['400'])
  })
})
