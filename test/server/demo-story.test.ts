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
  const fresh = { memory: FRESH, isQuiet: false, story: 'usual' } as const
  const story = storyOf(fresh, riverside)
  expect(story).toContain('红色工单, 1 小时 30 分钟')
  expect(story).toContain('二级工单, 36 小时')
  expect(storyOf(fresh, WUDA)).toContain('特级工单, 4 小时')
})

it('a demo that has told its story, or is quiet, promises nothing; a bad night is told again', () => {
  const told = { memory: { ...FRESH, storyTold: true }, isQuiet: false } as const
  expect(storyOf({ ...told, story: 'usual' }, WUDA)).not.toContain('工单')
  expect(storyOf({ memory: FRESH, isQuiet: true, story: 'bad-night' }, WUDA)).not.toContain('工单')
  expect(storyOf({ ...told, story: 'bad-night' }, WUDA)).toContain('约 40 条告警')
})
