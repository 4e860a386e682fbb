import { describe, expect, it } from 'vitest'
import { faultsOf } from '../support/axe.ts'
import { picture, useStage } from '../support/browser.ts'
import { openCover } from '../support/town.ts'
import { deskOf } from './screens.ts'

const stage = useStage()
const WELLS = ['w1', 'w2', 'w3', 'b1', 'n1', 'sw1']

/** Whether the first unacknowledged row lies open to the eye. */
const SEES_FIRST = `(() => {
  const row = document.querySelector('.pinned [data-ticket]')
  const { left, right, top, bottom } = row.getBoundingClientRect()
  return row.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2))
})()`

async function sixOpenCovers() {
  const world = await stage.world()
  for (const well of WELLS) await world.publish(`dev-${well}`, openCover(world.now() - 40_000, 3))
  await world.settle()
  const acknowledged = async () =>
    (await world.as('dispatcher').incidents()).filter(({ acknowledgedAt }) => acknowledgedAt !== undefined)
  return { world, acknowledged }
}

describe('six covers open at once', () => {
  it('stand above what scrolls, and none is acknowledged that nobody sees', async () => {
    const { world, acknowledged } = await sixOpenCovers()
    const page = await stage.screen(world, 'dispatcher')
    const { unacknowledged, list, selected } = deskOf(page)
    const rows = unacknowledged.getByRole('listitem')
    await unacknowledged.getByRole('button', { name: '另有 2 条未确认' }).waitFor()
    expect(await rows.count()).toBe(4)
    expect(await faultsOf(page)).toEqual([])
    await picture(page, 'pinned')

    // Another page lies over the list: the key brings the alarm into view, and only the next one means it.
    await page.goto(`${world.url()}/#policy`)
    await page.getByRole('region', { name: '制度' }).first().waitFor()
    await page.keyboard.press('a')
    await selected.waitFor()
    expect(await acknowledged()).toEqual([])
    await page.keyboard.press('a')
    await list
      .getByRole('status')
      .getByText(/已确认 井盖异常/)
      .waitFor()
    await expect.poll(async () => (await acknowledged()).length).toBe(1)
    await page.keyboard.press('z')
    await unacknowledged.getByRole('button', { name: '另有 2 条未确认' }).waitFor()
    expect(await acknowledged()).toEqual([])

    // Who walks past the fourth opens the rest, and sees what the next key acknowledges.
    for (let n = 0; n < WELLS.length; n += 1) await page.keyboard.press('j')
    await expect.poll(() => rows.count()).toBe(WELLS.length)
    // However far down: the gravest is still seen.
    await expect.poll(() => rows.first().isVisible()).toBe(true)
    expect(await page.evaluate(SEES_FIRST)).toBe(true)
    const last = await selected.innerText()
    await page.keyboard.press('a')
    await unacknowledged.getByRole('button', { name: '另有 1 条未确认' }).waitFor()
    expect((await acknowledged()).length).toBe(1)
    expect(last).toContain(((await acknowledged())[0]?.assetIds[0] ?? '').toLowerCase())
  })
})
