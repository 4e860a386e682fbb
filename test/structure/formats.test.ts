import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SIGNALS } from '#contract/signals.ts'
import { DEVICE_EVENTS } from '#contract/vocabulary.ts'
import { checkNetworkFile } from '../../server/domain/network/import/prepare.ts'

const chapter = readFileSync(new URL('../../server/contract/README.md', import.meta.url), 'utf8')
const signals = chapter.split('\n## Signals\n')[1]?.split('\n## ')[0] ?? ''

describe('what the README of the contract says of files and messages', () => {
  it('has a network file that is taken, with a device that stands where its signals belong', () => {
    const example = JSON.parse(/```json\n([\s\S]+?)```/.exec(chapter)?.[1] ?? '') as unknown
    const checked = checkNetworkFile(example)
    expect(checked).toMatchObject({ kind: 'good' })
    expect(checked.kind === 'good' && checked.file.features).toHaveLength(5)
  })

  it('has every signal once, with its unit, and no other', () => {
    const told = [...signals.matchAll(/^\| (`.+?`) +\| ([^|]+?) +\|/gm)].flatMap(
      ([, names = '', units = '']) => {
        const each = [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)
        const unitOf = units.split(', ')
        expect([names, unitOf.length]).toEqual([names, each.length])
        return each.map((name, i) => [name, unitOf[i]])
      },
    )
    const known = Object.entries(SIGNALS).map(([name, { unit, type }]) => [
      name,
      type === 'boolean' ? 'true or false' : unit,
    ])
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(known))
    expect(told).toHaveLength(known.length)
  })

  it('has every event that a device may decide itself', () => {
    for (const event of DEVICE_EVENTS) expect(chapter).toMatch(new RegExp(`[\`"]${event}[\`"]`))
  })
})
