import { expect, it } from 'vitest'
import { storyOf } from '../../server/cli/demo.ts'
import { extendPack } from '../../server/domain/policy/extend-pack.ts'
import { WUDA } from '../../server/domain/policy/wuda.ts'

const FRESH = { seeded: true, storyTold: false }

it('the demo tells the levels and limits of the policy in force', () => {
  const riverside = extendPack(WUDA, {
    kinds: { well_vent: { level: 'second' } },
    clocks: { repair_cover: { limitMinutes: 90 }, repair_vent: { limitMinutes: 36 * 60 } },
    levels: { special: { name: { zh: '红色' } } },
  })
  const story = storyOf(FRESH, false, riverside)
  expect(story).toContain('红色工单, 1 小时 30 分钟')
  expect(story).toContain('二级工单, 36 小时')
  expect(storyOf(FRESH, false, WUDA)).toContain('特级工单, 4 小时')
})

it('a demo that has told its story, or is quiet, promises nothing', () => {
  for (const story of [storyOf({ ...FRESH, storyTold: true }, false, WUDA), storyOf(FRESH, true, WUDA)]) {
    expect(story).not.toContain('工单')
  }
})
