import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { PHONE, useStage } from '../support/browser.ts'
import { aCall } from '../support/calls.ts'
import { openCover } from '../support/town.ts'
import { deskOf } from './screens.ts'

const stage = useStage()
const MANY = 40
const A4 = { width: 794, height: 1123 }

/** Sheets that the browser makes of what is shown; the page does not notice and is as it was. */
async function sheetsOf(page: Page): Promise<number> {
  await page.evaluate("document.querySelector('#app .page').dataset.before = ''")
  const file = (await page.pdf({ format: 'A4' })).toString('latin1')
  expect(await page.locator('#app .page[data-before]').count()).toBe(1)
  return file.match(/\/Type\s*\/Page\b/g)?.length ?? 0
}

/** As the browser lays it out on paper, to be looked at. */
async function onPaper(page: Page): Promise<void> {
  await page.evaluate("dispatchEvent(new Event('beforeprint'))")
  await page.emulateMedia({ media: 'print' })
  await page.setViewportSize(A4)
}

/** Elements that a sheet or a box around them cuts off, or that cannot be seen at all. */
function cutOff(page: Page, selector: string): Promise<string[]> {
  return page.evaluate(`{
    const all = [...document.querySelectorAll(${JSON.stringify(selector)})]
    const whole = (element) => {
      const { right, bottom, height } = element.getBoundingClientRect()
      const root = document.documentElement
      if (element.textContent.trim() === '') return true
      if (height === 0 || right > root.clientWidth || bottom + scrollY > root.scrollHeight + 1) return false
      for (let box = element.parentElement; box !== null && box !== root; box = box.parentElement)
        if (getComputedStyle(box).overflowY !== 'visible' && bottom > box.getBoundingClientRect().bottom + 1) return false
      return true
    }
    all.length === 0 ? ['nothing'] : all.filter((one) => !whole(one)).map((one) => one.textContent.trim())
  }`)
}

describe('what a screen shows is printed whole', () => {
  it('a ticket in full, in the form of the desk, over two sheets', async () => {
    const world = await stage.world()
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()
    const [ticket] = await world.as('operator').tickets()
    const page = await stage.screen(world, 'dispatcher', { path: `/#ticket/${ticket?.id ?? ''}/full` })
    await page.locator('.lanes .lane').nth(8).waitFor()
    const lanes = await page.locator('.lanes .lane').count()
    expect(await sheetsOf(page)).toBe(2)
    await onPaper(page)
    expect(await page.locator('.lanes .lane').count()).toBe(lanes)
    expect(await cutOff(page, '.lanes .lane, .lanes .event, .lanes .verdict > *')).toEqual([])
    expect(await page.getByRole('button', { name: '处置' }).isVisible()).toBe(false)
  })

  it('the evidence of what is chosen, without the clamp of the panel and without its buttons', async () => {
    const world = await stage.world()
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    const page = await stage.screen(world, 'dispatcher')
    const desk = deskOf(page)
    await desk.row('热力井w1').click()
    await desk.panel.getByRole('heading', { name: /井盖异常/ }).waitFor()
    expect(await sheetsOf(page)).toBeGreaterThanOrEqual(2)
    await onPaper(page)
    expect(await cutOff(page, '.inc section, .inc section p, .inc li')).toEqual([])
    expect(await desk.actions.isVisible()).toBe(false)
    expect(await desk.map.isVisible()).toBe(false)
  })

  it.each([
    { screen: 'the desk', size: undefined },
    { screen: 'a phone', size: PHONE },
  ])('all tickets of the list on $screen, also those out of sight', async ({ size }) => {
    const world = await stage.world()
    const call = aCall({ kind: 'not_hot', assetId: 's1', join: 'new' })
    for (let n = 1; n <= MANY; n += 1)
      await world.as('operator').post('/calls', { ...call, address: `第${String(n)}户` })
    const page = await stage.screen(world, 'dispatcher', size === undefined ? {} : { size })
    const rows = page.getByRole('region', { name: '事件清单' }).getByRole('listitem')
    await rows.nth(5).waitFor()
    await expect.poll(() => rows.count()).toBeLessThan(MANY)
    expect(await sheetsOf(page)).toBeGreaterThanOrEqual(3)
    await expect.poll(() => rows.count()).toBeLessThan(MANY)
    await onPaper(page)
    await expect.poll(() => rows.count()).toBe(MANY)
    expect(await cutOff(page, '.list [role="listitem"], .phone [role="listitem"]')).toEqual([])
  })
})
