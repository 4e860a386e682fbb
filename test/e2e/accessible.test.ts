import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { faultsOf } from '../support/axe.ts'
import { PHONE, picture, useStage, WALL } from '../support/browser.ts'
import { openCover } from '../support/town.ts'
import { deskOf, hotlineOf, phoneOf, signInOf } from './screens.ts'

const stage = useStage()

/** More rows than three screens show. */
const MANY = 80

describe('for everybody', () => {
  it.each(['dark', 'light'] as const)('axe finds nothing serious in the %s theme', async (theme) => {
    const world = await stage.world()
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()
    const page = await stage.screen(world)
    if (theme === 'light') await page.getByRole('button', { name: '浅色' }).click()
    expect(await faultsOf(page)).toEqual([])

    await signInOf(page).as('dispatcher')
    await deskOf(page).row('热力井w1').click()
    await deskOf(page)
      .panel.getByRole('heading', { name: /井盖异常/ })
      .waitFor()
    expect(await faultsOf(page)).toEqual([])
    await deskOf(page).act('备注').click()
    expect(await faultsOf(page)).toEqual([])
    await picture(page, `desk-${theme}`)

    await page.keyboard.press('Escape')
    await page.keyboard.press('h')
    await page.keyboard.press('1')
    await page.keyboard.insertText('w1')
    await hotlineOf(page).candidates.first().waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')

    await page.setViewportSize(PHONE)
    await phoneOf(page).row('热力井w1').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await phoneOf(page).row('热力井w1').click()
    await phoneOf(page).steps.waitFor()
    expect(await faultsOf(page)).toEqual([])
    await picture(page, `phone-${theme}`)

    await page.setViewportSize(WALL)
    await page.goto(`${world.url()}/?wall=1`)
    await page.getByText('1小时内到期').waitFor()
    await page.getByText('热力井w1').first().waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  it.each(['officer-network-ops', 'crew-network-ops'])(
    'axe finds nothing serious on the phone of %s, in either theme',
    async (who) => {
      const world = await stage.world()
      await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
      await world.settle()
      const [ticket] = await world.as('dispatcher').tickets()
      const page = await stage.screen(world, who, { size: PHONE })
      await phoneOf(page).row('热力井w1').waitFor()
      for (const hash of [
        '',
        `ticket/${ticket?.id ?? ''}`,
        `ticket/${ticket?.id ?? ''}/full`,
        'tickets',
        'menu',
      ]) {
        await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
        await expect.poll(() => page.getByText('正在读取').count(), { timeout: 25_000 }).toBe(0)
        for (const theme of ['dark', 'light']) {
          await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`)
          expect({ hash, theme, faults: await faultsOf(page) }).toEqual({ hash, theme, faults: [] })
        }
      }
    },
  )

  it('a row that has the focus keeps it when rows come before it and when it is scrolled away', async () => {
    const world = await stage.world()
    const call = (kind: string, n: number) =>
      world
        .as('operator')
        .post('/calls', {
          kind,
          contact: 'help',
          source: 'phone',
          address: `胜利街 ${String(n)} 号楼`,
          beganAt: new Date(world.now() - 600_000).toISOString(),
          scene: '路面冒汽',
          callerPhone: `138000000${String(n).padStart(2, '0')}`,
        })
    for (let n = 0; n < MANY; n += 1) await call('not_hot', n)
    const page = await stage.screen(world, 'dispatcher')
    const desk = deskOf(page)
    const focused = () => page.evaluate<string>('document.activeElement?.innerText ?? ""')
    await desk.row('胜利街 0 号楼').waitFor()
    await page.evaluate(`document.querySelector('.rows').scrollTop = 1460`)
    await desk.row('胜利街 23 号楼').focus()
    await call('primary_leak', MANY)
    // The new row stands far above, so perhaps it is not drawn: its place is counted.
    const places = `document.querySelectorAll(':is(.rows, .pinned) [role=list] > div').length`
    await expect.poll(() => page.evaluate(places)).toBe(MANY + 1)
    expect(await focused()).toContain('胜利街 23 号楼')
    await page.evaluate(`document.querySelector('.rows').scrollTop = 1e6`)
    await desk.row(`胜利街 ${String(MANY - 1)} 号楼`).waitFor()
    expect(await focused()).toContain('胜利街 23 号楼')
  })

  it('the whole desk is reached by keys, with the focus always to be seen', async () => {
    const world = await stage.world()
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.publish('dev-b1', openCover(world.now() - 40_000, 3))
    await world.settle()
    const page = await stage.screen(world, 'dispatcher')
    const { keyboard } = page
    const desk = deskOf(page)
    await desk.rows.nth(1).waitFor()
    await keyboard.press('j')
    const first = await desk.selected.innerText()
    await keyboard.press('j')
    expect(await desk.selected.innerText()).not.toBe(first)
    await keyboard.press('k')
    expect(await desk.selected.innerText()).toBe(first)
    await keyboard.press('Enter')
    await page.locator('#incident:focus').waitFor()

    // From the panel Tab goes on to the buttons of the incident, and Enter opens one.
    await desk.act('备注').waitFor()
    for (let i = 0; i < 30 && !(await isFocused(page, desk.act('备注'))); i++) await keyboard.press('Tab')
    expect(await isFocused(page, desk.act('备注'))).toBe(true)
    expect(await page.evaluate(FOCUS_IS_SEEN)).toBe(true)
    await keyboard.press('Enter')
    await desk.form.getByLabel('备注').waitFor()
    await keyboard.type('ajkh/? 是备注,不是快捷键')
    expect(await desk.form.getByLabel('备注').inputValue()).toBe('ajkh/? 是备注,不是快捷键')
    await keyboard.press('Control+Enter')
    await desk.said.getByText('备注已登记').waitFor()

    await keyboard.press('a')
    await desk.rowIn(desk.due, /热力井/).waitFor()
    await keyboard.press('?')
    await page.getByRole('dialog', { name: '按键' }).waitFor()
    await keyboard.press('Escape')
    await page.getByRole('dialog', { name: '按键' }).waitFor({ state: 'detached' })
    await keyboard.press('/')
    await keyboard.insertText('热力井n1')
    await page.getByRole('option', { name: /热力井n1/ }).waitFor()
    await keyboard.press('Enter')
    await desk.map.getByText('热力井n1').waitFor()
    await keyboard.press('f')
  })

  it('what opens is closed by Esc, and the focus is where it was', async () => {
    const world = await stage.world()
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()
    const page = await stage.screen(world, 'dispatcher')
    const { keyboard } = page
    const desk = deskOf(page)
    await desk.row('热力井w1').click()
    const note = desk.act('备注')
    for (const name of ['备注', '合并']) {
      await desk.act(name).focus()
      await keyboard.press('Enter')
      await desk.form.locator(':focus').waitFor()
      await keyboard.press('Escape')
      await desk.form.waitFor({ state: 'detached' })
      await desk.act(name).and(page.locator(':focus')).waitFor()
    }
    const opened = {
      '?': page.getByRole('dialog', { name: '按键' }),
      h: hotlineOf(page).drawer,
      '/': page.getByRole('combobox', { name: '查找' }).and(page.locator(':focus')),
      v: page.getByRole('heading', { name: '关阀方案' }),
    }
    for (const [key, shown] of Object.entries(opened)) {
      await note.focus()
      await keyboard.press(key)
      await shown.waitFor()
      await keyboard.press('Escape')
      await shown.waitFor({ state: 'detached' })
      await note.and(page.locator(':focus')).waitFor()
    }
    const drills = desk.top.getByRole('link', { name: '演练' })
    await drills.focus()
    await keyboard.press('Enter')
    await page.locator('main.page:focus').waitFor()
    await keyboard.press('Escape')
    await drills.and(page.locator(':focus')).waitFor()
  })
})

const FOCUS_IS_SEEN = `(() => {
  const style = getComputedStyle(document.activeElement)
  return style.outlineStyle !== 'none' || style.boxShadow !== 'none'
})()`

async function isFocused(
  page: Page,
  locator: ReturnType<ReturnType<typeof deskOf>['act']>,
): Promise<boolean> {
  return (await locator.and(page.locator(':focus')).count()) > 0
}
