import { describe, expect, it } from 'vitest'
import { picture, useStage, WALL } from '../support/browser.ts'
import { aTown, openCover } from '../support/town.ts'
import { deskOf } from './screens.ts'

const stage = useStage()

describe('the screens follow the server', () => {
  it('a restart is said with the age of what is shown; then everything goes on and nothing was missed, nor the new network', async () => {
    const world = await stage.world()
    const desks = [
      deskOf(await stage.screen(world, 'dispatcher')),
      deskOf(await stage.screen(world, 'operator')),
    ]
    await Promise.all(desks.map((desk) => desk.list.getByText('没有进行中的工单').waitFor()))
    for (const { page } of desks) await page.evaluate('window.neverReloaded = true')
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await Promise.all(desks.map((desk) => desk.row('热力井w1').waitFor()))

    await world.as('engineer').post('/network/imports', aTown('新名的井'))
    stage.losesTheServer()
    await world.restart(async () => {
      for (const { page } of desks) {
        await page.getByRole('status').filter({ hasText: '与服务器的连接已断开' }).waitFor()
      }
      await desks[0]?.page.getByText(/下面是\d+(秒|分\d\d秒)前的内容/).waitFor()
    })
    await world.publish('dev-b1', openCover(world.now() - 40_000, 3))
    for (const desk of desks) {
      await desk.row('热力井b1').waitFor()
      await desk.row('新名的井').waitFor()
      await desk.page.getByText('与服务器的连接已断开').waitFor({ state: 'detached' })
      expect(await desk.page.evaluate('window.neverReloaded')).toBe(true)
    }
    expect(await textsOf(desks[0])).toEqual(await textsOf(desks[1]))
  })

  it('a cut link is said in words, forbids to save, and is made good afterwards', async () => {
    const world = await stage.world()
    const page = await stage.screen(world, 'dispatcher', { size: WALL })
    const desk = deskOf(page)
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await desk.row('热力井w1').click()
    await desk.act('备注').waitFor()
    stage.losesTheServer()
    await page.context().setOffline(true)
    await world.publish('dev-b1', openCover(world.now() - 40_000, 3))
    await world.as('dispatcher').tickets()
    await page.getByText('与服务器的连接已断开').waitFor()
    await desk.health.getByText('断开').waitFor()
    await desk.health.getByText('不明').first().waitFor()
    expect(await desk.row('热力井w1').count()).toBe(1)
    await desk.act('备注').click()
    const send = desk.form.getByRole('button', { name: /没有网络/ })
    expect(await send.isDisabled()).toBe(true)
    await picture(page, 'link-lost')
    await page.context().setOffline(false)
    await desk.row('热力井b1').waitFor()
    await page.getByText('与服务器的连接已断开').waitFor({ state: 'detached' })
    await desk.form.getByRole('button', { name: /还缺：备注/ }).waitFor()
  })

  it("a clock moved by hand moves the screens with it: the limit runs out before everybody's eyes", async () => {
    const world = await stage.world()
    const desk = deskOf(await stage.screen(world, 'dispatcher'))
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await desk.row('热力井w1').getByText('接单 23:00:00').waitFor()
    await world.until('22:59:00')
    await desk.row(/1分00秒/).waitFor()
    await world.until('23:01:30')
    await desk.top.getByText('23:01:30').waitFor()
    await desk
      .row('热力井w1')
      .getByText(/视同接单|已接单|超时/)
      .first()
      .waitFor()
  })
})

/** The rows without their counting figures, which differ by the second of reading. */
async function textsOf(desk: ReturnType<typeof deskOf> | undefined): Promise<string[]> {
  return (await desk?.rows.allInnerTexts())?.map((text) => text.replace(/\d+(分\d\d)?秒|\d+分前/g, '')) ?? []
}
