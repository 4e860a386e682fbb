import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { PHONE, useStage } from '../support/browser.ts'
import { deskOf } from './screens.ts'

const stage = useStage()

/** What the page asked for so far, in that order: the map's code, and what the page's own code asks for first. */
const asked = (page: Page) =>
  page.evaluate<string[]>(`performance.getEntriesByType('resource')
    .flatMap(({ name }) => /maplibre-gl(?=-)|api\\/v1\\/network/.exec(name)?.[0] ?? [])`)

describe('the code of the map', () => {
  it('sets out with the page on a desk, and on a phone when the map is opened', async () => {
    const world = await stage.world()
    const desk = await stage.screen(world, 'dispatcher')
    await deskOf(desk).map.getByRole('button', { name: '全图' }).waitFor()
    expect((await asked(desk))[0]).toBe('maplibre-gl')

    const phone = await stage.screen(world, 'dispatcher', { size: PHONE })
    await phone.getByRole('region', { name: '事件清单' }).waitFor()
    expect(await asked(phone)).not.toContain('maplibre-gl')
    await phone.getByRole('navigation').getByRole('button', { name: '地图' }).click()
    await expect.poll(() => asked(phone), { timeout: 20_000 }).toContain('maplibre-gl')
  })
})
