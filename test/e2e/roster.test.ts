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
    await page.locator('input[type=file]').setInputFiles({
      ...{ name: 'roster.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(file)) },
    })
    const panel = page.getByRole('region', { name: '导入 JSON' })
    await panel.getByRole('button', { name: '与现有值班表相同' }).waitFor()
    expect(await faultsOf(page, '.desk > .page')).toEqual([])
  })
})
