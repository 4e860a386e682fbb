import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { PHONE, useStage } from '../support/browser.ts'
import { openCover, suspectAtW2 } from '../support/town.ts'
import { deskOf, hotlineOf, phoneOf } from './screens.ts'

const stage = useStage()

/** A practised person's pace. */
const SECONDS_A_KEY = 0.2

/** Counts what hands do: keys pressed and places touched. */
async function counted(page: Page): Promise<() => Promise<{ keys: number; taps: number }>> {
  await page.evaluate(`(() => {
    window.hands = { keys: 0, taps: 0 }
    addEventListener('keydown', () => (window.hands.keys += 1), true)
    addEventListener('pointerdown', () => (window.hands.taps += 1), true)
  })()`)
  return () => page.evaluate<{ keys: number; taps: number }>('window.hands')
}

async function tabTo(page: Page, name: string): Promise<void> {
  const there = page.locator(`[name=${name}]:focus`)
  for (let i = 0; i < 6 && (await there.count()) === 0; i += 1) await page.keyboard.press('Tab')
}

describe('how much hands have to do', () => {
  it('three keys lead from a new alarm to its dispatch', async () => {
    const world = await stage.world()
    const page = await stage.screen(world, 'dispatcher')
    const desk = deskOf(page)
    await desk.list.getByText('没有进行中的工单').waitFor()
    await suspectAtW2(world)
    await desk.rowIn(desk.unacknowledged, '热力井w2').waitFor()
    const hands = await counted(page)
    await page.keyboard.press('t')
    await desk.form.getByRole('button', { name: '提交派单' }).waitFor()
    await page.keyboard.press('Control+Enter')
    await desk
      .row('热力井w2')
      .getByText(/已派单/)
      .waitFor()
    const { keys, taps } = await hands()
    expect(taps).toBe(0)
    expect(keys).toBeLessThanOrEqual(3)
    const [ticket] = await world.as('dispatcher').tickets()
    expect(ticket?.state).toBe('dispatched')
  })

  it('an alarm that must wait is shelved with a key, a reason and a key', async () => {
    const world = await stage.world()
    await suspectAtW2(world)
    const page = await stage.screen(world, 'dispatcher')
    const desk = deskOf(page)
    await desk.rowIn(desk.unacknowledged, '热力井w2').waitFor()
    await page.keyboard.press('s')
    await desk.form.locator('textarea:focus').waitFor()
    await page.keyboard.insertText('等备件')
    await page.keyboard.press('Control+Enter')
    await desk.list.getByRole('heading', { name: '已搁置' }).waitFor()
    const [incident] = await world.as('dispatcher').incidents()
    expect(Date.parse(incident?.shelvedUntil ?? '')).toBeGreaterThan(world.now() + 3_000_000)
  })

  it('a call about a known incident is typed in twenty seconds', async () => {
    const world = await stage.world()
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()
    const page = await stage.screen(world, 'operator')
    const hotline = hotlineOf(page)
    await deskOf(page).row('热力井w1').waitFor()
    const hands = await counted(page)
    const { keyboard } = page
    await keyboard.press('h')
    await hotline.drawer.waitFor()
    await keyboard.press('1')
    await keyboard.type('w1')
    await hotline.candidates.filter({ hasText: '热力井w1' }).first().waitFor()
    const marked = hotline.candidates.and(page.locator('[aria-selected="true"]'))
    for (let i = 0; i < 4 && (await marked.filter({ hasText: '热力井w1' }).count()) === 0; i += 1)
      await keyboard.press('ArrowDown')
    await keyboard.press('Enter')
    await hotline.drawer.getByText('很可能是同一件事').waitFor()
    await tabTo(page, 'callerPhone')
    await keyboard.type('13812345678')
    await tabTo(page, 'beganAt')
    await keyboard.type('22:45')
    await tabTo(page, 'scene')
    await keyboard.type('jinggai yiwei')
    await keyboard.press('Control+Enter')
    await hotline.taken.getByText(/已并入/).waitFor()
    const { keys, taps } = await hands()
    expect(taps).toBe(0)
    expect(keys * SECONDS_A_KEY).toBeLessThanOrEqual(20)
    const [ticket] = await world.as('operator').tickets()
    expect(ticket?.calls).toMatchObject([{ callerPhone: '13812345678' }])
  })

  it('a crew says that it is there with four taps and without a letter', async () => {
    const world = await stage.world()
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()
    const [ticket] = await world.as('dispatcher').tickets()
    await world.as('officer-network-ops').does(ticket?.id ?? '', 'accept')
    await world.as('crew-network-ops').does(ticket?.id ?? '', 'depart')
    const page = await stage.screen(world, 'crew-network-ops', { size: PHONE })
    const { row, act, form, now } = phoneOf(page)
    await row('热力井w1').click()
    await act('到场').waitFor()
    const hands = await counted(page)
    await act('到场').click()
    await form.getByRole('button', { name: '井盖移位' }).click()
    await form.getByText('否', { exact: true }).click()
    await form.getByRole('button', { name: '提交到场' }).click()
    await now.getByText('安全').waitFor()
    expect(await hands()).toEqual({ keys: 0, taps: 4 })
    expect((await world.as('crew-network-ops').ticket(ticket?.id ?? '')).state).toBe('arrived')
  })
})
