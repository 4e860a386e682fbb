import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { faultsOf } from '../support/axe.ts'
import { useStage } from '../support/browser.ts'
import { openCover } from '../support/town.ts'
import { deskOf } from './screens.ts'

const stage = useStage()

/** Every page of the top bar by its address and heading, with somebody who may see it. */
const PAGES = {
  dispatcher: { tickets: '工单', review: '审核与回访', notices: '公告', roster: '值班', kpi: '考核' },
  engineer: {
    backtest: '回测',
    devices: '设备',
    profiles: '报文格式',
    policy: '制度',
    watching: '监视',
    drills: '演练',
    network: '管网',
  },
  admin: { users: '用户', outbox: '通知' },
} as const

/** Axe reads each page twice. */
const LONG_MS = 180_000

describe('every page for everybody', () => {
  it.each(Object.keys(PAGES))(
    'axe finds nothing serious in either theme on those of the %s',
    { timeout: LONG_MS },
    async (who) => {
      const world = await stage.world()
      await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
      await world.publish('dev-w2', 'not JSON')
      await world.settle()
      const [ticket] = await world.as('operator').tickets()
      const pages = Object.entries({
        ...PAGES[who as keyof typeof PAGES],
        [`ticket/${ticket?.id ?? ''}/full`]: '井盖异常 热力井w1',
      })
      const page = await stage.screen(world, who)
      await deskOf(page).row('热力井w1').waitFor()
      for (const theme of ['dark', 'light']) {
        if (theme === 'light') await page.getByRole('button', { name: '浅色' }).click()
        for (const [name, heading] of pages) {
          await open(page, name, heading)
          expect({ theme, name, faults: await faultsOf(page, PAGE) }).toEqual({ theme, name, faults: [] })
        }
      }
    },
  )

  it('an engineer sees who sends what cannot be used, why, and a sample of it', async () => {
    const world = await stage.world()
    for (let n = 0; n < 3; n += 1) await world.publish('dev-w2', '{"chamber_c":')
    await world.settle()
    const page = await stage.screen(world, 'engineer', { path: '/#devices' })
    const aside = page.getByRole('region', { name: /不能用的消息/ })
    const sender = aside.getByRole('button', { name: /dev-w2/ })
    await sender.waitFor()
    expect(await sender.innerText()).toMatch(/热力井w2[\s\S]*不是JSON[\s\S]*3 条/)
    await sender.click()
    await aside.getByText('{"chamber_c":').waitFor()
  })

  it('the report of a drill stands whole on the desk, its limits too', async () => {
    const world = await stage.world()
    const dispatcher = world.as('dispatcher')
    const { id } = await dispatcher.post<{ id: string }>('/drills', { reason: '井盖演练', assetIds: ['w1'] })
    await world.publish('dev-w1', { ts: world.now(), event: 'cover_open' }, 'event')
    await world.advance({ minutes: 2 })
    await dispatcher.ask('DELETE', `/drills/${id}`)
    const page = await stage.screen(world, 'dispatcher', { path: '/#drills' })
    const report = page.getByRole('article', { name: '井盖演练' })
    const limits = report.getByRole('row', { name: '时限' })
    await limits.getByText('✓ 派单').waitFor()
    const hidden =
      "document.querySelector('article .scroll').scrollWidth - document.querySelector('article .scroll').clientWidth"
    expect(await page.evaluate(hidden)).toBe(0)
  })
})

/** The page that lies over the desk; the desk itself is looked at elsewhere. */
const PAGE = '.desk > .page'

/** The page before this one is still shown while this one is fetched. */
async function open(page: Page, hash: string, heading: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
  await page.locator(PAGE).getByRole('heading', { level: 2, name: heading }).waitFor()
  await expect.poll(() => page.getByText('正在读取').count(), { timeout: 25_000 }).toBe(0)
}
