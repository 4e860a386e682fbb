import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { momentText } from '../../web/src/base/i18n/time.ts'
import { PHONE, picture, useStage } from '../support/browser.ts'
import { JPEG } from '../support/pictures.ts'
import { openCover } from '../support/town.ts'
import { msOf } from '../support/world.ts'
import { phoneOf, signInOf } from './screens.ts'

const stage = useStage()

/** The phone's clock is 37 minutes fast. */
const FAST_MS = 37 * 60_000
const FAST_CLOCK = `(() => {
  const True = Date
  globalThis.Date = class extends True {
    constructor(...parts) {
      if (parts.length === 0) super(True.now() + ${String(FAST_MS)})
      else super(...parts)
    }
    static now() {
      return True.now() + ${String(FAST_MS)}
    }
  }
})()`

/** What a phone needs to start without a signal lies in it: the page itself and its tickets. */
async function isReadyForTheWoods(page: Page): Promise<void> {
  await page.evaluate('navigator.serviceWorker.ready.then(() => true)')
  const kept = `new Promise((resolve) => {
    const opening = indexedDB.open('wellwatch')
    opening.onsuccess = () => {
      const asked = opening.result.transaction('known').objectStore('known').get('board')
      asked.onsuccess = () => { opening.result.close(); resolve(asked.result?.tickets.length ?? 0) }
    }
  })`
  await expect.poll(() => page.evaluate(kept), { timeout: 20_000 }).toBe(1)
}

describe('a phone at a well', () => {
  it('works on without a signal, over a reload and the end of its session, by a clock that is wrong', async () => {
    const world = await stage.world({ config: { clock: 'system' } })
    await world.publish('dev-w1', openCover(Date.now() - 40_000, 3))
    await expect
      .poll(async () => (await world.as('dispatcher').tickets()).length, { timeout: 20_000 })
      .toBe(1)
    const [ticket] = await world.as('dispatcher').tickets()
    await world.as('officer-network-ops').does(ticket?.id ?? '', 'accept')
    const page = await stage.screen(world, 'crew-network-ops', { size: PHONE, script: FAST_CLOCK })
    const { row, act, form, now } = phoneOf(page)
    await row('热力井w1').waitFor()
    await page.getByText(/手机时间快37分\d+秒/).waitFor()
    // The account's menu closes by Esc and by a tap beside it.
    const out = page.getByRole('button', { name: '退出' })
    for (const leave of [() => page.keyboard.press('Escape'), () => page.mouse.click(20, 400)]) {
      await page.getByRole('banner').getByRole('button').last().click()
      await out.waitFor()
      await leave()
      await out.waitFor({ state: 'hidden' })
    }
    await isReadyForTheWoods(page)

    stage.losesTheServer()
    const leftAt = Date.now()
    await world.restart(async () => {
      // The session ends meanwhile, which nobody can tell the phone.
      await page.context().clearCookies()
      await page.reload()
      await row('热力井w1').click()
      await act('出发').click()
      await act('到场').click()
      await form.getByRole('button', { name: '井盖移位' }).click()
      await form.getByText('否', { exact: true }).click()
      await form.getByRole('button', { name: /先存下.*到场/ }).click()
      await act('安全措施').click()
      await form.getByRole('button', { name: '警示标识' }).click()
      await form.getByRole('button', { name: /先存下/ }).click()
      await act('修复').click()
      await form.getByLabel('修复情况').fill('井盖复位并加锁')
      await form
        .locator('input[type=file]')
        .setInputFiles({ name: 'lid.jpg', mimeType: 'image/jpeg', buffer: JPEG })
      await form.getByText('1 张待传').waitFor()
      await form.getByRole('button', { name: /先存下/ }).click()
      await page.getByText(/已存 4 条/).waitFor()
      await now.getByText('回单').waitFor()
      // As old as it is by the true time, whatever the phone believes.
      const heard = await page.getByText(/显示 .*\d\d:\d\d 的内容/).innerText()
      const seen = [leftAt - 60_000, leftAt].flatMap((at) =>
        // From the next day too: midnight may have come between.
        [leftAt, Date.now()].map((now) => `显示 ${momentText(at, now, 'zh')} 的内容`),
      )
      expect(seen).toContain(heard)
      await picture(page, 'phone-offline')
      await page.reload()
      await page.getByText(/已存 4 条/).waitFor()
    })
    const again = signInOf(page)
    await again.password.fill('demo')
    await page.keyboard.press('Enter')
    await page.getByText(/已存|正在上报/).waitFor({ state: 'detached' })

    const after = await world.as('dispatcher').ticket(ticket?.id ?? '')
    expect(after.state).toBe('repaired')
    const steps = after.events.filter(({ type }) => ['depart', 'arrive', 'safety', 'repair'].includes(type))
    expect(steps.map(({ type }) => type)).toEqual(['depart', 'arrive', 'safety', 'repair'])
    for (const { occurredAt, enteredAt } of steps) {
      expect(msOf(occurredAt)).toBeGreaterThan(leftAt - 2000)
      expect(msOf(occurredAt)).toBeLessThanOrEqual(msOf(enteredAt))
    }
    expect(steps.at(-1)?.data['attachmentIds']).toHaveLength(1)
    expect(await page.evaluate(`localStorage.getItem('wellwatch.outbox')`)).toBeNull()
  })
})
