import { describe, expect, it } from 'vitest'
import { faultsOf } from '../support/axe.ts'
import { useStage } from '../support/browser.ts'

const stage = useStage()

describe('the roster in a browser', () => {
  it('goes out as a file, and the same file taken in again changes nothing', async () => {
    const world = await stage.world()
    const file = await world.as('admin').get('/roster/export')
    const page = await stage.screen(world, 'admin', { path: '/#roster' })
    await page.getByRole('link', { name: '导出 JSON' }).waitFor()
    await page
      .locator('input[type=file]')
      .setInputFiles({
        name: 'roster.json',
        mimeType: 'application/json',
        buffer: Buffer.from(JSON.stringify(file)),
      })
    const panel = page.getByRole('region', { name: '导入 JSON' })
    await panel.getByRole('button', { name: '与现有值班表相同' }).waitFor()
    expect(await faultsOf(page, '.desk > .page')).toEqual([])
  })

  it('keeps a plan or a change that somebody works on when Esc is pressed, and closes one that nobody touched', async () => {
    const world = await stage.world()
    const page = await stage.screen(world, 'admin', { path: '/#roster' })
    const plan = page.getByRole('form', { name: /^编排/ })
    await page.getByRole('button', { name: '编排值班表' }).click()
    await plan.locator('input').first().fill('明日 08:00')
    await page.keyboard.press('Escape')
    expect(await plan.locator('input').first().inputValue()).toBe('明日 08:00')
    await plan.locator('input').first().fill('')
    await page.keyboard.press('Escape')
    await plan.waitFor({ state: 'detached' })

    const change = page.getByRole('form', { name: '替班' })
    await page.getByRole('button', { name: '替班', exact: true }).click()
    const reason = change.getByLabel('理由')
    await reason.fill('病假')
    await page.keyboard.press('Escape')
    expect(await reason.inputValue()).toBe('病假')
    await reason.fill('')
    await page.keyboard.press('Escape')
    await change.waitFor({ state: 'detached' })
    expect(new URL(page.url()).hash).toBe('#roster')
  })
})
