import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRefusal } from '../../server/contract/problem.ts'
import { basemapOrigins, createBasemap, type BasemapSettings } from '../../server/basemap/create-basemap.ts'
import { createTileCache } from '../../server/basemap/tile-cache.ts'
import { aPng } from '../support/pictures.ts'
import { silentLog } from '../support/silent-log.ts'

let server: Server
let asked: string[]
let reply: RequestListener
beforeEach(async () => {
  asked = []
  reply = (_request, response) => response.setHeader('content-type', 'image/png').end(aPng())
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    reply(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
})
afterEach(() => server.close())

function settings(change: Partial<BasemapSettings> = {}): BasemapSettings {
  const { port } = server.address() as AddressInfo
  return {
    basemap: 'raster',
    basemapFile: '',
    basemapKey: 'canary',
    basemapAttribution: '天地图',
    basemapMaxZoom: 18,
    basemapAllow: '127.0.0.1',
    basemapUrl: `http://127.0.0.1:${String(port)}/wmts?z={z}&x={x}&y={y}&tk={key}`,
    ...change,
  }
}
const basemap = (change?: Partial<BasemapSettings>) => createBasemap(settings(change), { log: silentLog })

describe('a raster map elsewhere', () => {
  it('is asked with the key, which the page never sees', async () => {
    const map = basemap()
    expect(map.view).toEqual({
      kind: 'raster',
      tiles: '/api/v1/basemap/{z}/{x}/{y}',
      attribution: '天地图',
      maxZoom: 18,
    })
    expect(await map.tile?.(3, 5, 2)).toMatchObject({ type: 'image/png' })
    expect(asked).toEqual(['/wmts?z=3&x=5&y=2&tk=canary'])
  })

  it('is asked once for a tile, however many screens want it at the same time or later', async () => {
    const map = basemap()
    await Promise.all([map.tile?.(3, 5, 2), map.tile?.(3, 5, 2)])
    await map.tile?.(3, 5, 2)
    expect(asked).toHaveLength(1)
  })

  it('has no tiles outside the world or beyond its last zoom', async () => {
    const map = basemap({ basemapMaxZoom: 10 })
    for (const [z, x, y] of [
      [2, 4, 0],
      [2, 0, 4],
      [11, 0, 0],
    ] as const) {
      expect(await map.tile?.(z, x, y)).toBeUndefined()
    }
    reply = (_request, response) => response.writeHead(404).end()
    expect(await map.tile?.(4, 1, 1)).toBeUndefined()
    expect(asked).toHaveLength(1)
  })

  it.each<[string, RequestListener]>([
    ['a page', (_q, r) => r.setHeader('content-type', 'text/html').end('<script>')],
    ['a drawing with scripts', (_q, r) => r.setHeader('content-type', 'image/svg+xml').end('<svg/>')],
    ['a refusal', (_q, r) => r.writeHead(403).end('tk=canary is not allowed')],
    ['a way elsewhere', (_q, r) => r.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    ['too much', (_q, r) => r.setHeader('content-type', 'image/png').end(Buffer.alloc(3 * 1024 * 1024))],
    ['a broken connection', (_q, r) => r.destroy()],
  ])('%s is not passed on, and the key stays here', async (_name, listener) => {
    reply = listener
    const answer = await basemap().tile?.(1, 0, 0)
    expect(isRefusal(answer) && answer.code).toBe('unavailable')
    expect(JSON.stringify(answer)).not.toContain('canary')
  })

  it('may not lie inside the house unless that is allowed', async () => {
    const answer = await basemap({ basemapAllow: '' }).tile?.(1, 0, 0)
    expect(isRefusal(answer) && answer.detail).toContain('inside address')
    expect(asked).toEqual([])
  })
})

describe('origins that the page may ask', () => {
  it('are none but those of a style elsewhere', () => {
    expect(basemapOrigins(settings())).toEqual([])
    const style: Partial<BasemapSettings> = {
      basemap: 'style',
      basemapUrl: 'https://maps.example/a/style.json?k={key}',
      basemapAllow: 'https://tiles.example, https://maps.example',
    }
    expect(basemapOrigins(settings(style))).toEqual(['https://maps.example', 'https://tiles.example'])
    expect(basemap(style).view).toMatchObject({ url: 'https://maps.example/a/style.json?k=canary' })
  })
})

describe('the cache of tiles', () => {
  const tile = (bytes: number) => ({ type: 'image/png', bytes: new Uint8Array(bytes) })

  it('keeps what was used last, within its bytes', () => {
    const cache = createTileCache(3000)
    for (const key of ['a', 'b']) cache.put(key, tile(1000), 10)
    cache.get('a', 0)
    cache.put('c', tile(1000), 10)
    expect(['a', 'b', 'c'].map((key) => cache.get(key, 0) !== undefined)).toEqual([true, false, true])
  })

  it('forgets in time, and knows that there is nothing', () => {
    const cache = createTileCache(3000)
    cache.put('none', undefined, 10)
    expect(cache.get('none', 9)).toEqual({ tile: undefined })
    expect(cache.get('none', 10)).toBeUndefined()
  })
})
