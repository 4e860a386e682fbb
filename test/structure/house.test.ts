import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)))
const sources = tracked.filter((file) => /\.(ts|svelte)$/.test(file))
const text = (file: string): string => readFileSync(join(root, file), 'utf8')

/** Value imports only: a type-only import makes no cycle at run time. */
function importsOf(file: string): string[] {
  const found = text(file).matchAll(/^\s*(?:import|export)\s+(?!type\b)[^'"]*?from\s+['"]([^'"]+)['"]/gm)
  return [...found].flatMap(([, specifier = '']) => {
    if (specifier.startsWith('#contract/')) return [specifier.replace('#contract/', 'server/contract/')]
    if (specifier.startsWith('.')) return [normalize(join(dirname(file), specifier))]
    return []
  })
}

describe('the house', () => {
  it('has no import cycles', () => {
    const graph = new Map(sources.map((file) => [file, importsOf(file)]))
    const done = new Set<string>()
    const cycles: string[] = []
    const walk = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) {
        cycles.push([...path.slice(path.indexOf(file)), file].join(' → '))
        return
      }
      if (done.has(file)) return
      for (const next of graph.get(file) ?? []) walk(next, [...path, file])
      done.add(file)
    }
    for (const file of sources) walk(file, [])
    expect(sources.length).toBeGreaterThan(20)
    expect(cycles).toEqual([])
  })

  it('has at its top level what the design fixes and nothing else', () => {
    const fixed =
      /^(\..*|package\.json|package-lock\.json|tsconfig\.json|broker|server|web|simulators|test|README\.md|LICENSE)$/
    const top = new Set(tracked.map((file) => file.split('/')[0] ?? ''))
    expect([...top].filter((name) => !fixed.test(name))).toEqual([])
  })

  it('keeps files short enough to be read in one go', () => {
    const isTable = (file: string) => file === 'server/domain/policy/wuda.ts'
    const long = sources.filter((file) => !isTable(file) && text(file).split('\n').length > 330)
    expect(long).toEqual([])
  })

  it('registers no hook of a test file in a module that several import, where it would run for the first alone', () => {
    const shared = sources.filter((file) => file.startsWith('test/') && !file.endsWith('.test.ts'))
    expect(shared.length).toBeGreaterThan(20)
    expect(shared.filter((file) => /^(before|after)(All|Each)\(/m.test(text(file)))).toEqual([])
  })
})
