import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, describe, expect, it } from 'vitest'
import { picture, useStage } from '../support/browser.ts'
import { aPng } from '../support/pictures.ts'
import { aPmtiles } from '../support/pmtiles.ts'
import { deskOf } from './screens.ts'

const stage = useStage()
const undo: (() => void)[] = []
afterEach(() => {
  for (const one of undo.splice(0)) one()
})

/** The map stands, and what lies under it came through the server. */
async function tilesOf(page: Page, path: RegExp): Promise<number[]> {
  const seen: number[] = []
  page.on('response', (answer) => {
    if (path.test(answer.url())) seen.push(answer.status())
  })
  await page.reload()
  await deskOf(page).map.getByText('© 某地图').waitFor()
  await expect
    .poll(() => page.evaluate(`performance.getEntriesByName('map-drawn').length`), { timeout: 20_000 })
    .toBe(1)
  return seen
}

describe('streets under the network', () => {
  it('of a raster map come through the server, which alone knows the key', async () => {
    const asked: string[] = []
    const elsewhere = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.setHeader('content-type', 'image/png').end(aPng())
    })
    await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done))
    undo.push(() => elsewhere.close())
    const { port } = elsewhere.address() as AddressInfo
    const world = await stage.world({
      config: {
        basemap: 'raster',
        basemapKey: 'canary',
        basemapAllow: '127.0.0.1',
        basemapUrl: `http://127.0.0.1:${String(port)}/{z}/{x}/{y}?tk={key}`,
        basemapAttribution: '© 某地图',
      },
    })
    const page = await stage.screen(world, 'dispatcher')
    const statuses = await tilesOf(page, /\/basemap\/\d+\/\d+\/\d+$/)
    expect(statuses.length).toBeGreaterThan(0)
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(asked.every((url) => url.endsWith('?tk=canary'))).toBe(true)
    await picture(page, 'underlay-raster')
  })

  it('of a PMTiles file come piece by piece', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'tiles-'))
    undo.push(() => rmSync(dir, { recursive: true }))
    const file = join(dir, 'town.pmtiles')
    writeFileSync(file, aPmtiles(aPng()))
    const world = await stage.world({
      config: { basemap: 'pmtiles', basemapFile: file, basemapAttribution: '© 某地图' },
    })
    const page = await stage.screen(world, 'dispatcher')
    const statuses = await tilesOf(page, /\/basemap\/file\.pmtiles$/)
    expect(statuses.length).toBeGreaterThan(0)
    expect(new Set(statuses)).toEqual(new Set([206]))
  })
})
