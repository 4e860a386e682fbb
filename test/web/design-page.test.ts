import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseTokens, tokenSort } from '../../web/src/features/design/parse-tokens.ts'

const css = readFileSync(new URL('../../web/src/base/ui/tokens.css', import.meta.url), 'utf8')
const groups = parseTokens(css)
const tokens = groups.flatMap((group) => group.tokens)

describe('the design page', () => {
  it('shows every token of the style sheet once, in its groups', () => {
    const names = [...new Set([...css.matchAll(/^ {2}--([a-z0-9-]+):/gm)].map(([, name]) => name))]
    expect(tokens.map(({ name }) => name).sort()).toEqual(names.sort())
    expect(groups.map(({ title }) => title)).toContain(
      'surfaces: four steps of one neutral, darkest lies furthest back',
    )
  })

  it('tells what a token is for in the words of the style sheet', () => {
    expect(tokens.find(({ name }) => name === 'surface-map')).toEqual({
      name: 'surface-map',
      value: '#0e1317',
      purpose: 'under the network drawing',
    })
  })

  it('knows how each is to be shown', () => {
    const sortOf = (name: string) => tokenSort(tokens.find((one) => one.name === name) ?? fail())
    expect(['alarm', 'fill-first', 'surface-scrim'].map(sortOf)).toEqual(['color', 'color', 'color'])
    expect(['t-body', 's4', 'm-quick'].map(sortOf)).toEqual(['type', 'length', 'words'])
  })
})

function fail(): never {
  throw new Error('no such token')
}
