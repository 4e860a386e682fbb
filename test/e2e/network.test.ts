import { describe, expect, it } from 'vitest'
import { faultsOf } from '../support/axe.ts'
import { DESK, PHONE, picture, useStage } from '../support/browser.ts'
import {
  aDevice,
  aFile,
  aPipe,
  aSource,
  aStation,
  aValve,
  aWell,
  anArea,
  place,
} from '../support/networks.ts'
import { openCover } from '../support/town.ts'
import { deskOf } from './screens.ts'

const stage = useStage()

/** A line with two valves before the well that matters and one behind it. */
function aLine() {
  const lid = [aDevice('dev-w1', { intervalS: 86_400, power: 'battery' })]
  const points = [
    aSource('src', place(0, 0)),
    aValve('v0', place(300, 0)),
    aValve('v1', place(600, 0)),
    aWell('w1', place(900, 0), { devices: lid }),
    aValve('v2', place(1200, 0)),
    aStation('s1', place(1500, 0), { households: 420 }),
  ]
  const pipes = points.slice(1).map((to, n) => aPipe(`p${String(n)}`, points[n] ?? to, to))
  return aFile(...points, ...pipes, anArea('area-1', place(-900, -900), place(3000, 900), { name: '一区' }))
}

/** A desk where the valves around an open cover are asked for. */
async function traced() {
  const world = await stage.world({ network: aLine() })
  await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
  await world.settle()
  const page = await stage.screen(world, 'dispatcher')
  const { panel, row } = deskOf(page)
  await row('热力井w1').click()
  await page.keyboard.press('v')
  return { page, panel }
}

describe('the network on the desk', () => {
  it('V traces the valves, a stuck one gives the next ring, N drafts the notice', async () => {
    const { page, panel } = await traced()
    await panel.getByText('关 1 个阀门即可隔离，停热 1 站 420 户').waitFor()
    await page.getByRole('button', { name: '关 阀门v1' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await panel.getByRole('button', { name: '关不动 阀门v1' }).click()
    await page.getByRole('button', { name: '关 阀门v0' }).waitFor()
    await page.getByRole('button', { name: '卡死 阀门v1' }).waitFor()
    await picture(page, 'isolation')
    await page.keyboard.press('n')
    const form = page.getByRole('form', { name: '登记公告' })
    expect(await form.locator('[name=text]').inputValue()).toContain('换热站s1')
    await form.getByRole('button', { name: '换热站s1' }).waitFor()
  })

  it('the valves stay where a tablet is turned from the desk to the phone and back', async () => {
    const { page, panel } = await traced()
    const stuck = { name: '关不动 阀门v1' }
    await panel.getByRole('button', stuck).click()
    await page.setViewportSize(PHONE)
    await panel.waitFor({ state: 'detached' })
    // What was found stuck is still known.
    await page.getByRole('main').getByText('阀门v0').waitFor()
    await page.setViewportSize(DESK)
    await panel.getByText('阀门v0').waitFor()
  })

  it('[ looks back before the alarm, nothing can be done there, and Esc is now again', async () => {
    const world = await stage.world({ network: aLine() })
    await world.advance({ minutes: 30 })
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()
    await world.advance({ minutes: 2 })
    const page = await stage.screen(world, 'dispatcher')
    const { panel, row, list, act } = deskOf(page)
    await row('热力井w1').click()
    await act('备注').waitFor()
    await page.keyboard.press('[')
    await list.getByText('没有进行中的工单').waitFor()
    await panel.getByText('那时还没有这个事件').waitFor()
    await page.getByText('现在有 1 条未确认告警').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await picture(page, 'replay')
    await page.keyboard.press('Escape')
    await row('热力井w1').waitFor()
    await act('备注').waitFor()
  })

  it("the engineer's pages are whole, and axe finds nothing serious on them", async () => {
    const world = await stage.world({ network: aLine() })
    const page = await stage.screen(world, 'engineer')
    const open = (name: string) => deskOf(page).top.getByRole('link', { name, exact: true }).click()
    await open('监视')
    await page.getByText('从未上报', { exact: true }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await open('回测')
    await page.getByText('还没有回测').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.goto(`${world.url()}/#design`)
    await page.getByRole('heading', { name: '按钮与输入' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
  })
})
