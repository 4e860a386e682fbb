import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createBasemap } from '../../server/basemap/create-basemap.ts'
import type { Basemap } from '../../server/flows/network/basemap.ts'
import { NO_BASEMAP } from '../../server/flows/network/basemap.ts'
import { basemapRoutes } from '../../server/http/network/basemap-routes.ts'
import { createHttp } from '../../server/http/core/http.ts'
import { PEOPLE } from '../support/desk-world.ts'
import { silentLog } from '../support/silent-log.ts'

const dir = mkdtempSync(join(tmpdir(), 'basemap-'))
const open: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
  rmSync(dir, { recursive: true, force: true })
})

async function aServer(basemap: Basemap, mapOrigins: readonly string[] = []) {
  const http = await createHttp({
    log: silentLog,
    mapOrigins,
    identify: async (token) => Object.entries(PEOPLE).find(([name]) => name === token)?.[1],
  })
  await http.register(basemapRoutes(basemap))
  open.push(http)
  return (path: string, headers: Record<string, string> = {}) =>
    http.inject({ url: `/api/v1${path}`, headers: { authorization: 'Bearer wall', ...headers } })
}

function aFile(bytes: Buffer): Basemap {
  const path = join(mkdtempSync(join(tmpdir(), 'basemap-')), 'town.pmtiles')
  writeFileSync(path, bytes)
  return createBasemap(
    {
      basemap: 'pmtiles',
      basemapFile: path,
      basemapUrl: '',
      basemapKey: '',
      basemapAttribution: 'OSM',
      basemapMaxZoom: 14,
      basemapAllow: '',
    },
    { log: silentLog },
  )
}

describe('/basemap', () => {
  it('is none by default, for whoever is signed in', async () => {
    const ask = await aServer(NO_BASEMAP)
    expect((await ask('/basemap')).json()).toEqual({ kind: 'none' })
    expect((await ask('/basemap/1/0/0')).statusCode).toBe(204)
    expect((await ask('/basemap/file.pmtiles')).statusCode).toBe(404)
    expect((await ask('/basemap', { authorization: '' })).statusCode).toBe(401)
    for (const odd of ['x/0/0', '1/-1/0', '99/0/0', '1/0/0.5']) {
      expect((await ask(`/basemap/${odd}`)).statusCode).toBe(400)
    }
  })

  it('hands out its file piece by piece', async () => {
    const ask = await aServer(aFile(Buffer.from('PMTiles 0123456789')))
    expect((await ask('/basemap')).json()).toMatchObject({ kind: 'pmtiles', attribution: 'OSM' })
    const piece = await ask('/basemap/file.pmtiles', { range: 'bytes=8-11' })
    expect(piece).toMatchObject({ statusCode: 206, body: '0123' })
    expect(piece.headers).toMatchObject({ 'content-range': 'bytes 8-11/18', 'content-length': '4' })
    expect((await ask('/basemap/file.pmtiles', { range: 'bytes=14-999' })).body).toBe('6789')
    expect((await ask('/basemap/file.pmtiles', { range: 'bytes=14-' })).body).toBe('6789')
    for (const range of ['bytes=18-20', 'bytes=9-8', 'bytes=-4', 'lines=1-2', 'bytes=0-1,4-5', '']) {
      expect((await ask('/basemap/file.pmtiles', { range })).statusCode).toBe(416)
    }
  })

  it('that is gone says so, and the page lives on', async () => {
    const gone = createBasemap(
      {
        basemap: 'pmtiles',
        basemapFile: join(dir, 'absent'),
        basemapUrl: '',
        basemapKey: '',
        basemapAttribution: '',
        basemapMaxZoom: 14,
        basemapAllow: '',
      },
      { log: silentLog },
    )
    const ask = await aServer(gone)
    expect((await ask('/basemap/file.pmtiles', { range: 'bytes=0-1' })).statusCode).toBe(503)
  })

  it('opens the page to the origins of a style and to no others', async () => {
    const csp = async (origins: readonly string[]) =>
      String(
        (await (await aServer(NO_BASEMAP, origins))('/basemap')).headers['content-security-policy'],
      ).split(';')
    expect(await csp([])).toContain("connect-src 'self'")
    expect(await csp(['https://maps.example'])).toContain("connect-src 'self' https://maps.example")
    expect(await csp(['https://maps.example'])).toContain("script-src 'self'")
  })
})
