import { readdirSync, readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

interface Row {
  readonly id: string
  readonly tests: readonly string[]
  readonly parts: readonly string[]
  readonly result: string
}

/** `- **F1** what. Tests: … Holds: result`; tests are paths below `test/`, `faults NAME` a part of `npm run faults`. */
const rows: readonly Row[] = [
  ...read('test/README.md').matchAll(/^- \*\*([FN]\d+)\*\* .+?\. Tests: (.+?)\. Holds: (.+)$/gm),
].map(([, id = '', tests = '', result = '']) => {
  const named = [...tests.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
  return {
    id,
    result: result.trim(),
    tests: named.filter((name) => !name.startsWith('faults ')),
    parts: named.filter((name) => name.startsWith('faults ')).map((name) => name.slice('faults '.length)),
  }
})

/** Rows that a test file's titles speak of. */
function rowsIn(path: string): ReadonlySet<string> {
  const titles = read(`test/${path}`).matchAll(
    /\b(?:describe|it)(?:\.\w+)?\(\s*(['"`])(.*?)\1|^\s*\](?: as const)?\)\(\s*(['"`])(.*?)\3/gm,
  )
  const found = [...titles].flatMap((match) => [
    ...(/^((?:[FN]\d+ )+)/
      .exec(match[2] ?? match[4] ?? '')?.[1]
      ?.trim()
      .split(' ') ?? []),
  ])
  return new Set(found)
}

describe('the list of faults and attacks in the README of the tests', () => {
  it('has every row of the plan once, each with tests and a result', () => {
    const plan = [
      ...Array.from({ length: 23 }, (_, i) => `F${String(i + 1)}`),
      ...Array.from({ length: 33 }, (_, i) => `N${String(i + 1)}`),
    ]
    expect(rows.map(({ id }) => id)).toEqual(plan)
    expect(rows.filter(({ tests, parts }) => tests.length + parts.length === 0)).toEqual([])
    expect(rows.filter(({ result }) => result.length < 5)).toEqual([])
  })

  it('names files whose titles speak of their row', () => {
    const wrong = rows.flatMap(({ id, tests }) =>
      tests
        .filter((path) => !existsSync(join(root, 'test', path)) || !rowsIn(path).has(id))
        .map((path) => `${id}: ${path}`),
    )
    expect(wrong).toEqual([])
  })

  it('names every test that speaks of a row', () => {
    const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    const told = files
      .filter((path) => path.endsWith('.test.ts'))
      .flatMap((path) => [...rowsIn(path)].map((id) => `${id}: ${path}`))
    const named = new Set(rows.flatMap(({ id, tests }) => tests.map((path) => `${id}: ${path}`)))
    expect(told.filter((one) => !named.has(one))).toEqual([])
  })

  it('names parts of npm run faults that there are, and all of them', () => {
    const parts = readdirSync(join(root, 'test/faults/parts')).map((file) => file.replace(/\.ts$/, ''))
    const named = new Set(rows.flatMap((row) => row.parts))
    expect([...named].filter((part) => !parts.includes(part))).toEqual([])
    expect(parts.filter((part) => !named.has(part))).toEqual([])
  })
})
