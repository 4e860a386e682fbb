import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { Taken } from '../support/calls.ts'
import { DESK, PHONE, picture, useStage } from '../support/browser.ts'
import { aFile, aPipe, aSource, aWell, place } from '../support/networks.ts'
import { openCover } from '../support/town.ts'
import { deskOf, hotlineOf } from './screens.ts'

const stage = useStage()

const MARKUP = `<img src=x onerror="window.struck=1"><script>window.struck=1</script>`
const QUOTES = `"'\`;${'${window.struck=1}'}{{7*7}}</style><svg onload=window.struck=1>`
const TURNED = '\u202egnp.exe\u202c\u200f\u2066 \u0000\u0007'
const LONG = '无空格的很长很长的一段话'.repeat(834).slice(0, 10_000)
const LONG_WORD = 'x'.repeat(10_000)

describe('N22 hostile text', () => {
  it('in names, addresses and descriptions is shown as text, runs nowhere and breaks no layout', async () => {
    const source = aSource('src', place(0, 0), { name: MARKUP })
    const well = aWell('w1', place(500, 0), {
      name: `井${MARKUP}`,
      address: QUOTES + LONG_WORD.slice(0, 220),
      depthM: 2,
      devices: [{ id: 'dev-w1', signals: ['cover_tilt_deg', 'cover_open'], intervalS: 60 }],
    })
    const world = await stage.world({ network: aFile(source, well, aPipe('p1', source, well)) })
    const call = (more: object) =>
      world
        .as('operator')
        .post<Taken>('/calls', {
          kind: 'not_hot',
          contact: 'help',
          source: 'phone',
          callerPhone: '13800000000',
          ...more,
        })
    await call({ address: MARKUP, description: TURNED, callerName: QUOTES })
    await call({ address: LONG_WORD.slice(0, 300), description: LONG, callerName: TURNED })
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()

    const page = await stage.screen(world, 'dispatcher')
    const desk = deskOf(page)
    const rows = await allRows(page, 3)
    for (const row of rows) {
      await row.click()
      await desk.panel.getByRole('heading', { level: 2 }).waitFor()
      await staysWhole(page)
    }
    await desk.row(MARKUP).first().waitFor()
    await picture(page, 'hostile-desk')

    await page.keyboard.press('/')
    await page.keyboard.insertText('<img')
    await page.getByRole('option').filter({ hasText: MARKUP }).first().waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')

    await page.keyboard.press('h')
    const hotline = hotlineOf(page)
    await page.keyboard.press('1')
    await page.keyboard.insertText(MARKUP)
    await hotline.candidates.filter({ hasText: MARKUP }).first().waitFor()
    await hotline.description.fill(LONG + LONG_WORD)
    await staysWhole(page)
    await page.keyboard.press('Escape')

    await page.setViewportSize(PHONE)
    for (const row of await allRows(page, 3)) {
      await row.click()
      await page.getByRole('heading', { level: 2 }).first().waitFor()
      await staysWhole(page)
      await page.getByRole('button', { name: '返回' }).click()
    }
    await picture(page, 'hostile-phone')
    await page.setViewportSize(DESK)
    expect(await page.evaluate('window.struck')).toBeUndefined()
  })
})

async function allRows(page: Page, count: number) {
  const { rows } = deskOf(page)
  await rows.nth(count - 1).waitFor()
  return rows.all()
}

/** Nothing ran, and nothing pushes the page or one of its parts sideways. */
async function staysWhole(page: Page): Promise<void> {
  expect(await page.evaluate('window.struck')).toBeUndefined()
  const wide = await page.evaluate<
    string[]
  >(`[document.documentElement, ...document.querySelectorAll('main, nav, aside, section, article, [role=dialog], .scroll, .rows')]
    .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'hidden' && getComputedStyle(e).overflowX !== 'visible' || e === document.documentElement && e.scrollWidth > innerWidth)
    .map((e) => e.tagName + '.' + e.className)`)
  expect(wide).toEqual([])
  // What turns the direction of a text turns nothing that stands beside it.
  const turning = await page.evaluate<
    string[]
  >(`[...document.querySelectorAll('body *')].filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && /[\\u202a-\\u202e\\u2066-\\u2069]/.test(n.data)))
    .filter((e) => getComputedStyle(e).display.startsWith('inline') && getComputedStyle(e).unicodeBidi !== 'isolate')
    .map((e) => e.tagName + '.' + e.className)`)
  expect(turning).toEqual([])
}
