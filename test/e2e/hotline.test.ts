import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { picture, useStage } from '../support/browser.ts'
import { closedCover, openCover } from '../support/town.ts'
import type { World } from '../support/world.ts'
import { deskOf, hotlineOf } from './screens.ts'

const stage = useStage()

async function anOperator(world: World): Promise<Page> {
  const page = await stage.screen(world, 'operator')
  await deskOf(page).due.waitFor()
  return page
}

describe('the hotline by keyboard alone', () => {
  it('joins the caller with what the sensor said: one ticket, both symbols', async () => {
    const world = await stage.world()
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()
    const page = await anOperator(world)
    const { keyboard } = page
    await deskOf(page).row('热力井w1').waitFor()

    await keyboard.press('h')
    const hotline = hotlineOf(page)
    await hotline.drawer.waitFor()
    await keyboard.press('1')
    expect(await hotline.kind('井盖异常').isChecked()).toBe(true)
    // The number chose the kind and the cursor stands in the address, where a digit is a digit.
    await keyboard.type('w1 路口')
    await hotline.candidates.filter({ hasText: '热力井w1' }).first().waitFor()
    await chooseByArrows(page, '热力井w1')
    await hotline.drawer.getByText('已选 热力井w1').waitFor()
    await hotline.drawer.getByText('很可能是同一件事').waitFor()
    await hotline.save.getByText('并入并保存').waitFor()

    // Without the telephone nothing is saved; the field that lacks is named and has the cursor.
    await keyboard.press('Control+Enter')
    await hotline.drawer.getByText(/还缺：.*联系电话/).waitFor()
    await hotline.drawer.locator('[name=callerPhone]:focus').waitFor()
    expect((await world.as('operator').tickets())[0]?.calls).toHaveLength(0)
    await picture(page, 'hotline-missing-phone')

    await keyboard.type('13812345678')
    await keyboard.press('Tab')
    await untilFocused(page, 'beganAt')
    await keyboard.type('22:45')
    await untilFocused(page, 'scene')
    await keyboard.type('井盖移位,洞口半开')
    await picture(page, 'hotline-ready')
    await keyboard.press('Control+Enter')
    await hotline.taken.getByText(/已并入，工单/).waitFor()

    const [ticket, ...others] = await world.as('operator').tickets('state=open')
    expect(others).toEqual([])
    expect(ticket).toMatchObject({ source: 'sensor', assetId: 'w1' })
    expect(ticket?.calls).toMatchObject([{ callerPhone: '13812345678', scene: '井盖移位,洞口半开' }])
    await keyboard.press('Enter')
    await keyboard.press('Escape')
    await hotline.drawer.waitFor({ state: 'detached' })
    await keyboard.press('j')
    await deskOf(page)
      .panel.getByText(/13812345678.*井盖移位/)
      .waitFor()
    expect(await symbolsOf(page)).toEqual(['cover', 'call'])
    await picture(page, 'hotline-joined')
  })

  it('Esc keeps the draft, H goes on with it; what an input method composes is no shortcut', async () => {
    const world = await stage.world()
    const page = await anOperator(world)
    const { keyboard } = page
    const hotline = hotlineOf(page)
    await keyboard.press('h')
    await keyboard.press('6')
    await compose(page, 'jiefanglu', '解放路')
    await keyboard.type(' 3 号')
    expect(await hotline.address.inputValue()).toBe('解放路 3 号')
    expect(await hotline.kind('反映不热').isChecked()).toBe(true)
    await keyboard.press('Escape')
    await hotline.drawer.waitFor({ state: 'detached' })
    await page.reload()
    await deskOf(page).due.waitFor()
    await keyboard.press('h')
    await hotline.drawer.waitFor()
    expect(await hotline.address.inputValue()).toBe('解放路 3 号')
    expect(await hotline.kind('反映不热').isChecked()).toBe(true)
  })

  it('a call without a place known to the network opens a ticket of its own', async () => {
    const world = await stage.world()
    await world.publish('dev-w1', closedCover(world.now() - 60_000))
    const page = await anOperator(world)
    const { keyboard } = page
    const hotline = hotlineOf(page)
    await keyboard.press('h')
    await keyboard.press('6')
    await keyboard.type('胜利街 9 号楼 301')
    await hotline.drawer.getByText('附近没有同类事件').waitFor()
    await keyboard.press('Tab')
    await keyboard.type('13700001111')
    await keyboard.press('Control+Enter')
    await hotline.taken.getByText(/已立工单/).waitFor()
    await keyboard.press('Enter')
    await keyboard.press('Escape')
    await deskOf(page)
      .row(/反映不热[\s\S]*胜利街 9 号楼 301/)
      .waitFor()
  })
})

/** Arrow keys until the candidate is marked, then Enter. */
async function chooseByArrows(page: Page, name: string): Promise<void> {
  const { candidates } = hotlineOf(page)
  const marked = candidates.and(page.locator('[aria-selected="true"]')).filter({ hasText: name })
  for (let i = 0; i < 4 && (await marked.count()) === 0; i++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
}

async function untilFocused(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 6; i++) {
    if ((await page.locator(`[name=${name}]:focus`).count()) > 0) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not reach ${name}`)
}

/** An input method at work: composes letters, then commits the words. */
async function compose(page: Page, letters: string, words: string): Promise<void> {
  const ime = await page.context().newCDPSession(page)
  for (let i = 1; i <= letters.length; i++) {
    // The keys an input method swallows reach the page with code 229.
    await ime.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'Process',
      windowsVirtualKeyCode: 229,
    })
    await ime.send('Input.imeSetComposition', {
      text: letters.slice(0, i),
      selectionStart: i,
      selectionEnd: i,
    })
  }
  await ime.send('Input.insertText', { text: words })
  await ime.detach()
}

/** Shapes drawn on the selected row, the large one first. */
async function symbolsOf(page: Page): Promise<string[]> {
  const uses = deskOf(page).selected.locator('use')
  const names = await Promise.all((await uses.all()).map((use) => use.getAttribute('href')))
  return names.map((name) => name?.slice(1).split('-')[0] ?? '')
}
