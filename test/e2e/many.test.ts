import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { faultsOf } from '../support/axe.ts'
import { PHONE, useStage } from '../support/browser.ts'
import { aCall } from '../support/calls.ts'

const stage = useStage()
const MANY = 90
const LONG_MS = 180_000

async function aBadNight() {
  const world = await stage.world()
  const [operator, call] = [world.as('operator'), aCall({ kind: 'not_hot', assetId: 's1', join: 'new' })]
  for (let n = 1; n <= MANY; n += 1) await operator.post('/calls', { ...call, address: `第${String(n)}户` })
  return world
}

/** The column in which all of them wait. */
function waitingOf(page: Page) {
  const column = page.getByRole('group', { name: '待派单与待接单' })
  const rows = column.getByRole('listitem')
  const at = (n: number) => column.locator(`[role="listitem"][aria-posinset="${String(n)}"]`)
  /** Scrolls what scrolls there. */
  const scrollTo = (share: 0 | 1) =>
    page.evaluate(`{
      let scroller = document.querySelector('main [role="listitem"]')
      while (scroller.scrollHeight <= scroller.clientHeight || getComputedStyle(scroller).overflowY === 'visible')
        scroller = scroller.parentElement
      scroller.scrollTop = ${String(share)} * scroller.scrollHeight
    }`)
  /** A page whose rows become higher on the way ends further down than it did: one scrolls on. */
  const toTheEnd = () => expect.poll(() => scrollTo(1).then(() => at(MANY).isVisible())).toBe(true)
  const focused = () =>
    page.evaluate<number>(
      `Number(document.activeElement.closest('[role="listitem"]')?.getAttribute('aria-posinset'))`,
    )
  return { column, rows, at, scrollTo, toTheEnd, focused }
}

describe('a night of many tickets', () => {
  it('draws on their page the rows that can soon be seen, and loses none', { timeout: LONG_MS }, async () => {
    const page = await stage.screen(await aBadNight(), 'dispatcher', { path: '/#tickets' })
    const { column, rows, at, scrollTo, toTheEnd, focused } = waitingOf(page)
    await at(1).waitFor()
    await column.getByRole('heading', { name: String(MANY) }).waitFor()
    expect(await at(1).getAttribute('aria-setsize')).toBe(String(MANY))
    await expect.poll(() => rows.count()).toBeLessThan(MANY / 2)
    expect(await faultsOf(page, '[role="group"]:has([role="listitem"])')).toEqual([])

    await toTheEnd()
    await at(1).waitFor({ state: 'detached' })

    // Upwards by the keyboard, through rows that were not drawn when it set out.
    await at(MANY).getByRole('button').focus()
    for (let n = MANY - 1; n > MANY / 2; n -= 1) {
      await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))')
      await page.keyboard.press('Shift+Tab')
      expect(await focused()).toBe(n)
    }
    // What has the focus stays, wherever the list is scrolled to.
    await scrollTo(0)
    await at(1).waitFor()
    await at(MANY / 2 + 6).waitFor({ state: 'detached' })
    expect(await focused()).toBe(MANY / 2 + 1)

    // Turned, the page scrolls and no longer the column.
    await page.evaluate('document.activeElement.blur()')
    await page.setViewportSize(PHONE)
    await at(1).waitFor()
    await toTheEnd()
    await at(1).waitFor({ state: 'detached' })
  })

  it('the same on a phone, where the page scrolls', { timeout: LONG_MS }, async () => {
    const page = await stage.screen(await aBadNight(), 'dispatcher', { path: '/#tickets', size: PHONE })
    const { rows, at, toTheEnd } = waitingOf(page)
    await at(1).waitFor()
    await expect.poll(() => rows.count()).toBeLessThan(MANY / 2)
    await toTheEnd()
  })
})
