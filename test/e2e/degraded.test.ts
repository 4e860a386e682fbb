import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../support/child-server.ts'
import { PHONE, picture, useStage, WALL } from '../support/browser.ts'
import { openCover } from '../support/town.ts'
import { deskOf } from './screens.ts'

const stage = useStage()

/** Where an InfluxDB 1.x will be, once it is started. */
async function anInflux() {
  const port = await freePort()
  const server = createServer((request, response) => {
    const isWrite = request.url?.startsWith('/write') === true
    const answer = isWrite ? undefined : JSON.stringify({ results: [{}] })
    const headers = { 'content-type': 'application/json', 'x-influxdb-version': '1.6.7' }
    request.resume().on('end', () => response.writeHead(isWrite ? 204 : 200, headers).end(answer))
  })
  onTestFinished(() => void server.closeAllConnections())
  onTestFinished(() => void server.close())
  return {
    url: `http://127.0.0.1:${String(port)}`,
    async start() {
      await once(server.listen(port, '127.0.0.1'), 'listening')
    },
  }
}

const ZH = 'InfluxDB 1 不能写入'
const EN = 'InfluxDB 1 takes nothing'

const told = (page: Page, words: string) =>
  page.getByRole('status', { name: /系统异常|System faults/ }).getByText(words)

/** It can be read, and nothing lies over it. */
async function isInSight(page: Page, words: string): Promise<void> {
  await told(page, words).waitFor()
  const box = await told(page, words).boundingBox()
  expect(box).not.toBeNull()
  const { x = 0, y = 0, width = 0, height = 0 } = box ?? {}
  const at = `${String(x + width / 2)}, ${String(y + height / 2)}`
  expect(
    await page.evaluate(`document.elementFromPoint(${at})?.closest('[role=status]')?.textContent`),
  ).toContain(words)
}

const PAGES = ['tickets', 'review', 'notices', 'roster', 'kpi', 'drills', 'devices', 'outbox', 'policy']

describe('P6 what does not work', () => {
  it('stands in words on the sign-in page, the desk and each of its pages, the wall and the phone, and goes when it is over', async () => {
    const influx = await anInflux()
    const world = await stage.world({
      config: { influxUrl: influx.url, influxVersion: 1, influxDatabase: 'heat' },
    })
    stage.losesTheServer()
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    const desk = await stage.screen(world, 'dispatcher')
    const wall = await stage.screen(world, 'wall', { size: WALL })
    const phone = await stage.screen(world, 'crew-network-ops', { size: PHONE })
    const nobody = await stage.screen(world)
    for (const page of [desk, wall, phone, nobody]) await told(page, ZH).waitFor()
    await picture(nobody, 'degraded-sign-in')
    await picture(phone, 'degraded-phone')
    await isInSight(wall, ZH)
    await picture(wall, 'degraded-wall')
    await deskOf(desk).row('热力井w1').click()
    await deskOf(desk).panel.getByRole('heading', { level: 2 }).waitFor()
    await isInSight(desk, ZH)
    await picture(desk, 'degraded-desk')
    for (const name of PAGES) {
      await desk.evaluate(`location.hash = ${JSON.stringify(name)}`)
      await desk.locator('.desk > .page').getByRole('heading', { level: 2 }).first().waitFor()
      await isInSight(desk, ZH)
    }
    for (const name of ['roster', 'policy']) {
      await phone.evaluate(`location.hash = ${JSON.stringify(name)}`)
      await phone.getByRole('heading', { level: 2 }).first().waitFor()
      await isInSight(phone, ZH)
    }
    for (const page of [desk, nobody]) {
      await page.getByRole('button', { name: /^(English|EN)$/ }).click()
      await isInSight(page, EN)
      await page.getByRole('button', { name: /^中/ }).click()
    }

    await influx.start()
    for (const page of [desk, wall, phone, nobody]) await told(page, ZH).waitFor({ state: 'detached' })
  })

  it('the page of a wall gives a sign of life every half minute, and no other page does', async () => {
    const world = await stage.world()
    const asked: string[] = []
    for (const who of ['wall', 'dispatcher']) {
      const page = await stage.screen(world, who, { clock: true })
      await deskOf(page).list.waitFor()
      page.on('request', (request) => {
        if (request.url().endsWith('/api/v1/clock')) asked.push(who)
      })
      for (let i = 0; i < 4; i += 1) await page.clock.fastForward('00:15')
      await page.evaluate('fetch("/livez").then(() => undefined)')
    }
    expect(asked).toEqual(['wall', 'wall'])
  })
})
