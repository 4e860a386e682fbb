import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { NetworkFile } from '#contract/network.ts'
import { picture, useStage } from '../support/browser.ts'
import { aTown, openCover } from '../support/town.ts'
import type { World } from '../support/world.ts'
import { deskOf, signInOf } from './screens.ts'

const stage = useStage()

/** The browser that is driven by a program lets it sound; a person's does not until a key is pressed. */
const MUTE = `(() => {
  const Real = AudioContext
  globalThis.AudioContext = class extends Real {
    constructor() {
      super()
      void this.suspend()
    }
  }
})()`

/** A voice that is allowed, and yet begins silent. Kept is how many tones were played, and whether it was complained of. */
const HESITANT = `(() => {
  const [Voice, Tone] = [AudioContext, OscillatorNode]
  let heard = false
  globalThis.AudioContext = class extends Voice {
    constructor() {
      super()
      setTimeout(() => {
        heard = true
        this.dispatchEvent(new Event('statechange'))
      }, 100)
    }
    get state() {
      return heard ? 'running' : 'suspended'
    }
  }
  window.tones = 0
  globalThis.OscillatorNode = class extends Tone {
    constructor(...parts) {
      super(...parts)
      window.tones += 1
    }
  }
  window.complained = false
  new MutationObserver(() => {
    window.complained ||= document.body?.textContent.includes('浏览器还不允许发声') ?? false
  }).observe(document, { childList: true, subtree: true, characterData: true })
})()`

/** The town whose every well stands at the same crossing. */
function alike(town: NetworkFile): NetworkFile {
  const features = town.features.map((feature) =>
    feature.properties.kind === 'well'
      ? { ...feature, properties: { ...feature.properties, address: '同一路口' } }
      : feature,
  )
  return { ...town, features } as NetworkFile
}

async function endSession(world: World, page: Page): Promise<void> {
  const cookies = await page.context().cookies()
  const token = cookies.find(({ name }) => name === 'wellwatch_session')?.value ?? ''
  await fetch(`${world.url()}/api/v1/session`, {
    method: 'DELETE',
    headers: { cookie: `wellwatch_session=${token}` },
  })
}

describe('in trouble nothing is lost and nothing looks fresh that is not', () => {
  it('ten minutes without the server: told with the age, everything is marked, and what was typed is sent after', async () => {
    const world = await stage.world({ config: { clock: 'system' } })
    await world.publish('dev-w1', openCover(Date.now() - 40_000, 3))
    const page = await stage.screen(world, 'dispatcher', { clock: true })
    const desk = deskOf(page)
    await desk.row('热力井w1').click()
    await desk.act('备注').click()
    await desk.form.getByLabel('备注').fill('已通知交警')
    stage.losesTheServer()
    await page.context().setOffline(true)
    await page.getByText('与服务器的连接已断开').waitFor()
    await page.clock.fastForward('10:00')
    await page.getByText(/下面是10分\d\d秒前的内容/).waitFor()
    expect(await page.evaluate(`document.documentElement.dataset['link']`)).toBe('lost')
    await picture(page, 'ten-minutes-away')
    await world.publish('dev-b1', openCover(Date.now() - 40_000, 3))
    await page.context().setOffline(false)
    await page.clock.fastForward('00:20')
    await desk.row('热力井b1').waitFor()
    await page.getByText('与服务器的连接已断开').waitFor({ state: 'detached' })
    expect(await page.evaluate(`document.documentElement.dataset['link']`)).toBe('live')
    expect(await desk.form.getByLabel('备注').inputValue()).toBe('已通知交警')
    await desk.form.getByRole('button', { name: '提交备注' }).click()
    await desk.said.getByText('备注已登记').waitFor()
  })

  it('a session that ends in the middle of a command asks in place, and the words are still there', async () => {
    const world = await stage.world()
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()
    const page = await stage.screen(world, 'dispatcher')
    const desk = deskOf(page)
    await desk.row('热力井w1').click()
    await desk.act('备注').click()
    await desk.form.getByLabel('备注').fill('已通知交警')
    await endSession(world, page)
    await page.keyboard.press('Control+Enter')
    const again = signInOf(page)
    await again.form.getByText('填写的内容都还在').waitFor()
    await again.name.fill('dispatcher')
    await again.password.fill('demo')
    await page.keyboard.press('Enter')
    await again.form.waitFor({ state: 'detached' })
    expect(await desk.form.getByLabel('备注').inputValue()).toBe('已通知交警')
    await page.keyboard.press('Control+Enter')
    await desk.said.getByText('备注已登记').waitFor()
    const [ticket] = await world.as('operator').tickets()
    expect(ticket?.events.filter(({ type }) => type === 'note')).toHaveLength(1)
  })

  it('Esc shuts no form that is being sent or that somebody has written in', async () => {
    const world = await stage.world()
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()
    const page = await stage.screen(world, 'dispatcher')
    const desk = deskOf(page)
    const { promise: answered, resolve: answer } = Promise.withResolvers<undefined>()
    await page.route('**/api/v1/tickets/*/commands', async (route) => {
      await answered
      await route.continue()
    })
    await desk.row('热力井w1').click()
    await desk.act('备注').click()
    await desk.form.getByLabel('备注').fill('已通知交警')
    await desk.form.getByRole('button', { name: '提交备注' }).click()
    await desk.form.getByRole('button', { name: '正在提交' }).waitFor()
    await page.keyboard.press('Escape')
    expect(await desk.form.getByRole('button', { name: '取消' }).isDisabled()).toBe(true)
    answer(undefined)
    await desk.said.getByText('备注已登记').waitFor()

    await desk.act('备注').click()
    const note = desk.form.getByLabel('备注')
    await note.fill('写了一半')
    await note.press('Escape')
    expect(await note.inputValue()).toBe('写了一半')
    await note.fill('')
    await note.press('Escape')
    await desk.form.waitFor({ state: 'detached' })

    await desk.act('合并').click()
    const reason = desk.form.locator('textarea')
    await reason.fill('同一处')
    await reason.press('Escape')
    expect(await reason.inputValue()).toBe('同一处')
    await reason.fill('')
    await reason.press('Escape')
    await desk.form.waitFor({ state: 'detached' })
  })

  it('says that the browser blocks sound until a person touches the page, and each alarm once to who listens', async () => {
    const world = await stage.world()
    const page = await stage.screen(world, 'dispatcher', { script: MUTE })
    const desk = deskOf(page)
    await page.getByText('浏览器还不允许发声').waitFor()
    await page.evaluate(`(() => {
      window.spoken = []
      for (const region of document.querySelectorAll('[aria-live]:not([aria-live=off]), [role=alert], [role=status]:not([aria-live=off])'))
        new MutationObserver(() => window.spoken.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true })
    })()`)
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await desk.row('热力井w1').waitFor()
    const urgent = page.locator('[aria-live=assertive]')
    await urgent.getByText('特级 井盖异常 热力井w1').waitFor({ state: 'attached' })
    // A hand takes its time; the banner must not go under it, or the click would meet another row.
    await desk.row('热力井w1').hover()
    await page.mouse.down()
    await page.waitForTimeout(300)
    await page.mouse.up()
    await page.getByText('浏览器还不允许发声').waitFor({ state: 'detached' })
    await desk.selected.filter({ hasText: '热力井w1' }).waitFor()
    const spoken = await page.evaluate<string[]>('window.spoken')
    expect(spoken.filter((words) => words.includes('热力井w1'))).toHaveLength(1)
  })

  it('sounds where the browser allows it, without a word that it does not', async () => {
    const world = await stage.world()
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()
    const page = await stage.screen(world, 'dispatcher', { script: HESITANT })
    await expect.poll(() => page.evaluate('window.tones'), { timeout: 20_000 }).toBeGreaterThan(0)
    expect(await page.evaluate('window.complained')).toBe(false)
  })

  it('says a second alarm that has the words of the first', async () => {
    const world = await stage.world({ network: alike(aTown('热力井w2')) })
    const page = await stage.screen(world, 'dispatcher')
    const desk = deskOf(page)
    await desk.list.getByText('没有进行中的工单').waitFor()
    await page.evaluate(`(() => {
      window.spoken = []
      const add = (changes) => window.spoken.push(...changes.flatMap(({ addedNodes }) => [...addedNodes]).map(({ textContent }) => textContent))
      new MutationObserver(add).observe(document.querySelector('[aria-live=assertive]'), { childList: true })
    })()`)
    for (const [n, device] of ['dev-w1', 'dev-w2'].entries()) {
      await world.publish(device, openCover(world.now() - 40_000, 3))
      await desk.row('热力井w2').nth(n).waitFor()
    }
    const words = '特级 井盖异常 热力井w2 同一路口'
    const spoken = async () => (await page.evaluate<string[]>('window.spoken')).filter((text) => text !== '')
    await expect.poll(spoken, { timeout: 20_000 }).toEqual([words, words])
  })

  it('a call without a place is in the list, and the map says that it lacks it', async () => {
    const world = await stage.world()
    await world
      .as('operator')
      .post('/calls', {
        kind: 'not_hot',
        contact: 'help',
        source: 'phone',
        callerPhone: '13800000000',
        address: '胜利街 9 号楼',
      })
    const page = await stage.screen(world, 'dispatcher')
    const desk = deskOf(page)
    await desk.row('胜利街 9 号楼').waitFor()
    const lacking = desk.map.getByRole('button', { name: '1 个事件没有位置' })
    await lacking.click()
    await desk.panel.getByText('胜利街 9 号楼').first().waitFor()

    await page.setViewportSize({ width: 390, height: 844 })
    await page.getByRole('navigation').getByRole('button', { name: '地图' }).click()
    await lacking.waitFor()
    const { height = 0 } = (await lacking.boundingBox()) ?? {}
    expect(height).toBeGreaterThanOrEqual(48)
    expect(height).toBeLessThan(60)
  })
})
