import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { picture, PHONE, useStage, WALL } from '../support/browser.ts'
import { aCall } from '../support/calls.ts'
import { openCover } from '../support/town.ts'
import { deskOf } from './screens.ts'

const stage = useStage()

describe('how the page looks', () => {
  it('speaks English and turns light at one press, and remembers both', async () => {
    const world = await stage.world()
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    const page = await stage.screen(world, 'dispatcher')
    await deskOf(page).row('热力井w1').click()
    await page.getByRole('button', { name: 'EN', exact: true }).click()
    await page.getByRole('region', { name: 'Incident list' }).getByText('Unacknowledged').waitFor()
    expect(await page.evaluate('document.documentElement.lang')).toBe('en')
    const dark = await groundOf(page)
    await page.getByRole('button', { name: 'Light' }).click()
    expect(await groundOf(page)).not.toBe(dark)
    await picture(page, 'desk-english-light')
    await page.reload()
    await page.getByRole('region', { name: 'Incident list' }).waitFor()
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('light')
    await page.getByRole('button', { name: '中', exact: true }).click()
    await deskOf(page).unacknowledged.waitFor()
  })

  it('the wall shows the newest alarm, the figures and the map, and has nothing to press', async () => {
    const world = await stage.world()
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    const page = await stage.screen(world, 'wall', { size: WALL, path: '/' })
    await page.getByText('热力井w1').first().waitFor()
    await page.reload()
    await page.getByText('1小时内到期').waitFor()
    await page.locator('canvas').waitFor()
    expect(
      await page.evaluate(`[...document.querySelectorAll('button, a, input, select, summary, [tabindex]')]
        .filter((e) => e.closest('[inert]') === null).map((e) => e.outerHTML)`),
    ).toEqual([])
    expect(await page.evaluate('[scrollX, document.documentElement.scrollHeight <= innerHeight]')).toEqual([
      0,
      true,
    ])
    // 28 px of a screen with 1080 lines, and in the same proportion on others.
    const small = await page.evaluate<string[]>(`[...document.querySelectorAll('body *')]
      .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim() !== '') && e.checkVisibility())
      .filter((e) => parseFloat(getComputedStyle(e).fontSize) < (27.9 * innerHeight) / 1080)
      .map((e) => e.className + ' ' + e.textContent.trim().slice(0, 20))`)
    expect(small).toEqual([])
    await picture(page, 'wall')
    await page.goto(`${world.url()}/?wall=0`)
    await page.getByRole('button', { name: '退出' }).click()
    await page.locator('[data-sign-in]').waitFor()
  })

  it.each([
    { screen: 'a desk that turns light', size: undefined, button: '浅色' },
    { screen: 'a phone that leaves the map', size: PHONE, button: '清单' },
  ])('$screen takes the map away with the likely places on it', async ({ size, button }) => {
    const world = await stage.world()
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    const page = await stage.screen(world, 'dispatcher', { script: TWO_PLACES, ...(size && { size }) })
    const { row } = deskOf(page)
    await row('热力井w1').click()
    if (size !== undefined) await page.getByRole('button', { name: '地图' }).click()
    const likeliest = page.locator('.share.best b')
    await likeliest.waitFor()
    await page.getByRole('button', { name: button, exact: true }).click()
    await row('热力井w1').waitFor()
    if (size === undefined) await likeliest.waitFor()
    expect(await page.getByText('页面出错了').count()).toBe(0)
  })

  it('the wall cuts in English no name of a clock, however long the address', async () => {
    const world = await stage.world()
    const address = '狮城街与育才路路口东侧第十二号楼三单元'
    await world.as('operator').post('/calls', aCall({ kind: 'not_hot', assetId: 's1', address }))
    const script = "localStorage.setItem('wellwatch.language', 'en')"
    const page = await stage.screen(world, 'wall', { size: WALL, path: '/?wall=1', script })
    await page.locator('.due em').waitFor()
    const cut =
      "[...document.querySelectorAll('.due em')].filter((e) => e.scrollWidth > e.clientWidth).length"
    expect(await page.evaluate(cut)).toBe(0)
  })

  it('the policy uses the whole width of a large screen', async () => {
    const world = await stage.world()
    const size = { width: 2560, height: 900 }
    const page = await stage.screen(world, 'dispatcher', { size, path: '/#policy' })
    const clauses = page.locator('[id^=clause-]')
    await clauses.last().waitFor()
    const lefts = await page.evaluate<number[]>(
      "[...document.querySelectorAll('[id^=clause-]')].map((e) => e.getBoundingClientRect().left)",
    )
    expect(new Set(lefts).size).toBe(2)
  })

  it('is printed in ink on white whatever the screen is, labels two beside each other', async () => {
    const world = await stage.world()
    const page = await stage.screen(world, 'dispatcher')
    await deskOf(page).list.waitFor()
    const theme = 'document.documentElement.dataset.theme'
    await page.evaluate("dispatchEvent(new Event('beforeprint'))")
    await page.waitForFunction(`${theme} === 'light'`)
    await page.evaluate("dispatchEvent(new Event('afterprint'))")
    await page.waitForFunction(`${theme} === 'dark'`)
    const paper = await stage.screen(world, 'dispatcher', { path: '/?label=w1,w2,w3' })
    await paper.getByText('热力井w3').waitFor()
    await paper.emulateMedia({ media: 'print' })
    // What is left of A4 between the margins of 14 mm, at 96 dots an inch.
    await paper.setViewportSize({ width: 688, height: 1032 })
    const tops = await paper.evaluate<number[]>(
      "[...document.querySelectorAll('li')].map((e) => e.getBoundingClientRect().top)",
    )
    expect(tops).toHaveLength(3)
    expect(tops[1]).toBe(tops[0])
    expect(tops[2]).toBeGreaterThan(tops[1] ?? 0)
  })

  it('nothing happens: the list, the map and the panel say so', async () => {
    const world = await stage.world({ network: 'none' })
    const page = await stage.screen(world, 'dispatcher')
    const desk = deskOf(page)
    await desk.list.getByText('没有进行中的工单').waitFor()
    await desk.map.getByText('还没有导入管网').waitFor()
    await desk.panel.getByText('从左侧选一个事件').waitFor()
    await picture(page, 'empty-desk')
    await page.setViewportSize(PHONE)
    await page.getByRole('button', { name: '地图' }).click()
    await page.getByText('还没有导入管网').waitFor()
    await picture(page, 'empty-phone')
  })
})

const groundOf = (page: Page): Promise<string> =>
  page.evaluate('getComputedStyle(document.body).backgroundColor')

/** No cover lies in two places; what the page hears of its incident says so. */
const TWO_PLACES = `{
  const parse = JSON.parse
  const second = { assetId: 'w2', share: 0.4 }
  JSON.parse = (text) => parse(text, (key, value) => (key === 'candidates' ? [...value, second] : value))
}`
