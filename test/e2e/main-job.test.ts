import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { PHONE, picture, useStage } from '../support/browser.ts'
import { closedCover, openCover } from '../support/town.ts'
import { deskOf, phoneOf } from './screens.ts'

const stage = useStage()
/** A second or two, and some more for a machine that runs other tests. */
const MAX_MS = 10_000

describe('a displaced cover, from the device to the archive', () => {
  it('is seen at once, acknowledged, accepted, repaired, reviewed, without one reload', async () => {
    const world = await stage.world({ config: { clock: 'system' } })
    const desk = deskOf(await stage.screen(world, 'dispatcher'))
    const officer = deskOf(await stage.screen(world, 'officer-network-ops'))
    await desk.list.getByText('没有进行中的工单').waitFor()
    await officer.list.getByText('没有进行中的工单').waitFor()

    // The device speaks; the row stands on the screen with its level, its clock and its symbol.
    await world.publish('dev-w1', closedCover(Date.now() - 3_600_000))
    const seenAt = whenShown(desk.page, '热力井w1')
    const publishedAt = Date.now()
    await world.publish('dev-w1', openCover(Date.now() - 40_000, 3))
    const fresh = desk.rowIn(desk.unacknowledged, '热力井w1')
    await fresh.waitFor()
    const took = (await seenAt) - publishedAt
    console.info(`from the publish to the row on the screen: ${String(took)} ms`)
    expect(took).toBeLessThan(MAX_MS)
    expect(await fresh.innerText()).toMatch(/特级[\s\S]*井盖异常[\s\S]*管网运行部[\s\S]*已派单/)
    expect(await fresh.innerText()).toMatch(/(10分0\d|9分\d\d)秒[\s\S]*接单/)
    await desk.symbol(/特级 井盖异常 热力井w1/).waitFor()
    await officer.row('热力井w1').waitFor()
    await picture(desk.page, 'cover-new')

    // J selects, the panel explains.
    await desk.page.keyboard.press('j')
    await desk.panel.getByRole('heading', { name: '特级 井盖异常' }).waitFor()
    const told = await desk.panel.innerText()
    expect(told).toMatch(/井盖.*(75|打开|倾)/)
    expect(told).toContain('管网运行部')
    expect(told).toContain('一次网已投运')
    expect(told).toMatch(/修复\s*第八条3\(5\)/)
    expect(told).toContain('告警尚未确认')

    // Acknowledging moves the row to the due list and accepts nothing.
    await desk.page.keyboard.press('a')
    await desk.rowIn(desk.due, '热力井w1').waitFor()
    await desk.panel.getByText(/调度员已确认告警/).waitFor()
    expect(await desk.unacknowledged.count()).toBe(0)
    expect(await desk.row('热力井w1').innerText()).toContain('已派单')

    // To accept is the department's; dispatch can only enter what it was told.
    expect(await desk.act('接单').filter({ visible: true }).count()).toBe(0)

    await officer.row('热力井w1').click()
    await officer.act('接单').click()
    await officer.act('转抢修').waitFor()
    await desk.row('已接单').waitFor()
    await officer.act('转抢修').click()
    await officer.form.getByRole('button', { name: '管网运行部抢修班' }).click()
    await officer.form.getByRole('button', { name: '提交转抢修' }).click()
    await desk.row('已转抢修').waitFor()
    await picture(officer.page, 'cover-assigned-officer')

    await theCrewWorks(phoneOf(await stage.screen(world, 'crew-network-ops', { size: PHONE })), desk)

    // Reported done, and its sensor says that it is not: it stays among the work until the review closes it.
    await desk.rowIn(desk.due, '热力井w1').getByText('仍异常').waitFor()
    await desk.symbol(/热力井w1.* 仍异常/).waitFor()
    await desk.act('审核').click()
    await desk.form.getByRole('radio', { name: '是' }).check({ force: true })
    // The lid's sensor still says open: whoever passes the work has to say that he saw it.
    await desk.form.getByRole('button', { name: '还缺：已注意到传感器仍异常' }).click()
    await desk.refusal.getByText('还缺：已注意到传感器仍异常').waitFor()
    await picture(desk.page, 'cover-review-refused')
    await desk.form.getByLabel('已注意到传感器仍异常').check()
    await desk.form.getByRole('button', { name: '提交审核' }).click()
    await desk.row('热力井w1').waitFor({ state: 'detached' })
    await officer.list.getByText('没有进行中的工单').waitFor()
  })
})

/** When a text first stands on the page, by this machine's clock. */
function whenShown(page: Page, words: string): Promise<number> {
  return page.evaluate(`new Promise((resolve) => {
    const look = () =>
      document.body.innerText.includes(${JSON.stringify(words)}) ? resolve(Date.now()) : setTimeout(look, 20)
    look()
  })`)
}

type Desk = ReturnType<typeof deskOf>
type Phone = ReturnType<typeof phoneOf>

async function theCrewWorks(crew: Phone, desk: Desk): Promise<void> {
  const { form, act, now } = crew
  await crew.row('热力井w1').click()
  await act('出发').click()
  await desk.row('途中').waitFor()

  // What the clause demands is named before and after pressing.
  await act('到场').click()
  expect(await form.innerText()).toMatch(/现场情况\s*必填 · 第八条3\(1\)/)
  const send = form.getByRole('button', { name: /还缺：现场情况、影响供热吗/ })
  await send.click()
  await form.getByRole('alert').getByText('依据 第八条3(1)').waitFor()
  await picture(crew.page, 'crew-arrive-missing')
  await form.getByLabel('现场情况').fill('井盖移位,洞口半开')
  await form.getByRole('radio', { name: '否' }).check({ force: true })
  await form.getByRole('button', { name: '提交到场' }).click()
  await desk.row('已到场').waitFor()

  await act('安全措施').click()
  await form.getByRole('button', { name: '警示标识' }).click()
  await form.getByRole('button', { name: '提交安全措施' }).click()
  await now.getByText('修复').waitFor()
  await act('修复').click()
  await form.getByLabel('修复情况').fill('井盖复位并加锁')
  await form.getByRole('button', { name: '提交修复' }).click()
  await desk.row('已修复').waitFor()

  await act('办结回单').click()
  await form.getByLabel('处理结果').fill('井盖已复位')
  await picture(crew.page, 'crew-submit')
  await form.getByRole('button', { name: '提交办结回单' }).click()
  await crew.said.getByText('办结回单已登记').waitFor()
  expect(await crew.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
}
