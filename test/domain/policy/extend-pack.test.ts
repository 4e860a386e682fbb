import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { checkPolicy } from '../../../server/domain/policy/check-policy.ts'
import { doubtsOf } from '../../../server/domain/policy/compare-limits.ts'
import { PACK_FILE_SCHEMA } from '../../../server/domain/policy/pack-file-schema.ts'
import { PACKS } from '../../../server/domain/policy/packs.ts'
import type { PolicyPack } from '../../../server/domain/policy/policy-pack.ts'
import { WUDA } from '../../../server/domain/policy/wuda.ts'

const TITLE = { zh: '河畔市热线管理办法', en: 'Riverside, hotline rules' }
const city = (more: object = {}) => ({ id: 'riverside', extends: 'wuda', title: TITLE, ...more })
/** The pack that a file with these differences stands for. */
function packOf(more: object): PolicyPack {
  const checked = checkPolicy(JSON.parse(JSON.stringify(city(more))))
  if ('mistakes' in checked) throw new Error(JSON.stringify(checked.mistakes))
  return checked.pack
}
function mistakesOf(file: object): readonly string[] {
  const checked = checkPolicy(file)
  return 'mistakes' in checked ? checked.mistakes.map(({ path }) => path) : []
}

describe('a pack that extends another', () => {
  it('needs to say nothing but who it is', () => {
    expect(packOf({})).toEqual({ ...WUDA, id: 'riverside', title: TITLE })
  })

  it('says only what is different, as deep as that lies', () => {
    const pack = packOf({
      clocks: { repair_cover: { limitMinutes: 120 } },
      levels: { special: { closeMinutes: 120 } },
      season: { from: '10-20', to: '04-10' },
    })
    expect(pack.clocks).toEqual({
      ...WUDA.clocks,
      repair_cover: { ...WUDA.clocks.repair_cover, limitMinutes: 120 },
    })
    expect(pack.levels.special).toEqual({ ...WUDA.levels.special, closeMinutes: 120 })
    expect(pack.season).toEqual({ from: '10-20', to: '04-10' })
    expect(pack.kinds).toEqual(WUDA.kinds)
  })

  it('replaces a list whole and leaves out what it sets to null', () => {
    const clocks = WUDA.kinds.cover.clocks.filter((key) => key !== 'close_level')
    const pack = packOf({ kinds: { cover: { clocks } }, settings: { travel: null, progressMinutes: null } })
    expect(pack.kinds.cover.clocks).toEqual(clocks)
    expect(pack.settings).not.toHaveProperty('travel')
    expect(pack.settings).not.toHaveProperty('progressMinutes')
  })

  it('may use former names, of which it is told', () => {
    const checked = checkPolicy(city({ clocks: { C7: { limitMinutes: 120 } } }))
    expect(checked).toMatchObject({
      pack: { clocks: { repair_cover: { limitMinutes: 120 } } },
      renamed: new Map([['C7', 'repair_cover']]),
    })
  })

  it.each([
    ['a base that is not built in', city({ extends: 'atlantis' }), ['extends']],
    ['no id and title of its own', { extends: 'wuda' }, ['id', 'title']],
    ['a misspelt clock', city({ clocks: { repair_covr: { limitMinutes: 120 } } }), ['clocks.repair_covr']],
    [
      'a misspelt part of a clock',
      city({ clocks: { repair_cover: { limit: 1 } } }),
      ['clocks.repair_cover.limit'],
    ],
    [
      'a limit that is none',
      city({ clocks: { repair_cover: { limitMinutes: -1 } } }),
      ['clocks.repair_cover.limitMinutes'],
    ],
    ['a needed part set to null', city({ kinds: { cover: null } }), ['kinds.cover']],
  ])('is refused with %s', (_what, file, paths) => {
    expect(mistakesOf(file)).toEqual(expect.arrayContaining(paths))
  })

  it('names the built-in packs when it extends another', () => {
    expect(checkPolicy(city({ extends: 'atlantis' }))).toMatchObject({
      mistakes: [{ path: 'extends', message: `must be one of ${[...PACKS.keys()].join(', ')}` }],
    })
  })
})

describe('a heating season', () => {
  it.each([
    ['02-30', 'season.to'],
    ['02-29', 'season.to'],
    ['04-31', 'season.to'],
    ['13-01', 'season.to'],
  ])('cannot end on %s', (to, path) => {
    expect(mistakesOf(city({ season: { from: '10-15', to } }))).toEqual([path])
  })

  it('has a first and a last day', () => {
    const bare: object = { ...WUDA, season: { from: '10-15' } }
    expect(mistakesOf(bare)).toEqual(['season.to'])
  })
})

describe('what belongs together', () => {
  const doubts = (more: object) =>
    [...doubtsOf(packOf(more))].map(({ path, message }) => `${path}: ${message}`)

  it.each([...PACKS])('agrees in the built-in pack %s', (_id, pack) => {
    expect([...doubtsOf(pack)]).toEqual([])
  })

  it.each([
    [
      'a repair that is due after its paper',
      { clocks: { repair_cover: { limitMinutes: 360 } } },
      'levels.special.closeMinutes: close_level of cover (240 min) falls due before its repair_cover (360 min)',
    ],
    [
      'a shorter repair whose level still allows more',
      { clocks: { repair_cover: { limitMinutes: 120 } } },
      'levels.special.closeMinutes: close_level of cover (240 min) allows more than its repair_cover (120 min)',
    ],
    [
      'a kind that cites another clause than its headline clock',
      { clocks: { repair_cover: { clause: '第十二条' } } },
      'kinds.cover.clause: 第八条3(5), but its repair_cover cites 第十二条',
    ],
    [
      'a headline clock that is only measured',
      { clocks: { repair_cover: { breach: 'measured' } } },
      'kinds.cover.headline: repair_cover never counts as overdue',
    ],
    [
      'a level with less time than the one above it',
      { levels: { third: { closeMinutes: 60 } } },
      'levels.third.closeMinutes: is shorter than that of second',
    ],
    [
      'an acceptance that is deemed at another time than it is due',
      { settings: { deemedAcceptMinutes: 15 } },
      'settings.deemedAcceptMinutes: is 15, clocks.accept.limitMinutes is 10',
    ],
  ])('is doubted where it does not agree: %s', (_what, more, doubt) => {
    expect(doubts(more)).toContain(doubt)
  })

  it('is not doubted once both are changed', () => {
    const both = {
      clocks: { repair_cover: { limitMinutes: 120 } },
      levels: { special: { closeMinutes: 120 } },
    }
    expect(doubts(both)).toEqual([])
  })
})

describe('the JSON Schema of a file', () => {
  const isValid = new Ajv({ strict: false }).compile(JSON.parse(JSON.stringify(PACK_FILE_SCHEMA)) as object)
  const taken = (file: unknown) => isValid(JSON.parse(JSON.stringify(file)))

  it('takes every built-in pack, and differences with extends', () => {
    for (const pack of PACKS.values()) expect(taken(pack), pack.id).toBe(true)
    expect(taken(city({ clocks: { repair_cover: { limitMinutes: 120 } }, settings: { travel: null } }))).toBe(
      true,
    )
  })

  it('takes no part without extends, and no misspelt one with it', () => {
    expect(taken({ id: 'riverside', title: TITLE, clocks: { repair_cover: { limitMinutes: 120 } } })).toBe(
      false,
    )
    expect(taken(city({ clocks: { repair_covr: { limitMinutes: 120 } } }))).toBe(false)
    expect(taken(city({ clocks: { repair_cover: { limitMinutes: 'two' } } }))).toBe(false)
  })
})
