import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { arrowsOf } from '../../.config/arrows.ts'

const root = new URL('../..', import.meta.url).pathname
const text = (file: string): string => readFileSync(join(root, file), 'utf8')
const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.mjs', '*.svelte'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /^(broker|server|simulators|test|web)\//.test(file) && existsSync(join(root, file)))

type Arrow = readonly [from: string, to: string]
const house = await arrowsOf(new Map([...tracked, 'package.json'].map((file) => [file, text(file)])))
const arrows: Arrow[] = house.modules.flatMap(({ source, dependencies }) =>
  dependencies.map(({ resolved }): Arrow => [source, resolved]),
)
const broken = ({ summary }: typeof house) =>
  summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)

/** What remains when one after the other goes that looks at nothing which remains: circles, and who looks at them. */
function inCircles(between: readonly Arrow[]): string[] {
  const looking = between.filter(([, to]) => between.some(([from]) => from === to))
  return looking.length === between.length
    ? [...new Set(between.map(([from]) => from))].sort()
    : inCircles(looking)
}

/** The arrows between what stands in a folder: its files, and each folder in it as one thing. */
function within(folder: string): Arrow[] {
  const part = (file: string) => file.slice(0, `${file}/`.indexOf('/', folder.length + 1))
  const here = arrows.filter((arrow) => arrow.every((file) => file.startsWith(`${folder}/`)))
  const all = new Set(here.map(([from, to]) => `${part(from)} ${part(to)}`))
  return [...all].map((one) => one.split(' ') as unknown as Arrow).filter(([from, to]) => from !== to)
}

it('every import, of a type too, goes where the rooms may look, and none in a circle', () => {
  expect(arrows.length).toBeGreaterThan(7000)
  expect(broken(house)).toEqual([])
}, 60_000)

it('no folders, nor a folder and a file beside it, look into each other', () => {
  const above = (file: string): string[] =>
    dirname(file) === '.' ? [] : [dirname(file), ...above(dirname(file))]
  const folders = [...new Set(tracked.flatMap(above))]
  expect(folders.length).toBeGreaterThan(100)
  expect(folders.map((folder) => inCircles(within(folder))).filter((circle) => circle.length > 0)).toEqual([])
})

describe.each(['README.md', '.readme/README.zh.md'])('the drawing in %s', (document) => {
  const [, drawing = ''] = /^```mermaid\n([\s\S]*?)^```/m.exec(text(document)) ?? []
  const rooms = new Map(
    [...drawing.matchAll(/(\w+)\["([^"<]+)/g)].flatMap(([, box = '', label = '']) => {
      const [first = '', ...others] = label.split(', ')
      return [first, ...others.map((other) => join(dirname(first), other))].map((room) => [room, box])
    }),
  )
  const boxOf = (file: string) =>
    rooms.get(file) ?? rooms.get(file.split('/').slice(0, 2).join('/')) ?? rooms.get(file.split('/')[0] ?? '')
  const drawn = [...drawing.replaceAll(/\[".*?"\]/g, '').matchAll(/(\w+) (?:-->|-\..*?\.->) (?=(\w+))/g)].map(
    ([, from = '', to = '']): Arrow => [from, to],
  )
  const sees = (from: string, to: string): boolean =>
    drawn.some(([a, b]) => a === from && (b === to || sees(b, to)))

  it('has every room, each import as an arrow or a way of several, and no arrow that is none', () => {
    const real = arrows
      .filter(([from]) => !from.startsWith('test/'))
      .map((arrow) => arrow.map((file) => boxOf(file) ?? file))
    const between = new Set(real.filter(([from, to]) => from !== to).map((arrow) => arrow.join(' ')))
    expect(drawn.length).toBeGreaterThan(10)
    expect(
      [...between].filter((arrow) => !sees(arrow.split(' ')[0] ?? '', arrow.split(' ')[1] ?? '')),
    ).toEqual([])
    expect(drawn.filter((arrow) => !between.has(arrow.join(' ')))).toEqual([])
  })
})

it('an import of a type in a component, a thread and a circle would be seen', async () => {
  const wrong = await arrowsOf(
    new Map([
      [
        'web/src/base/Clock.svelte',
        '<script lang="ts">import type { Board } from \'../model/board.ts\'</script>',
      ],
      ['web/src/model/board.ts', "export interface Board { a: 1 }\nimport './place.ts'"],
      ['web/src/model/place.ts', "import type { Board } from './board.ts'\nexport type Place = Board"],
      ['web/src/features/map/Map.svelte', "<script>import '../ticket/lane.ts'</script>"],
      ['web/src/features/ticket/lane.ts', 'export {}'],
      ['server/domain/far.ts', "new URL('../flows/near.ts', import.meta.url)"],
      ['server/flows/near.ts', 'export {}'],
    ]),
  )
  expect(broken(wrong)).toEqual([
    'no circle of files: web/src/model/board.ts → web/src/model/place.ts',
    'server/domain looks into server/contract: server/domain/far.ts → server/flows/near.ts',
    'web/src/base looks into server/contract: web/src/base/Clock.svelte.ts → web/src/model/board.ts',
    'web/src/features/[^/]+ looks into server/contract, web/src/base, web/src/model, web/src/parts: web/src/features/map/Map.svelte.ts → web/src/features/ticket/lane.ts',
  ])
  expect(
    inCircles([
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'b'],
      ['c', 'd'],
    ]),
  ).toEqual(['a', 'b', 'c'])
  expect(
    inCircles([
      ['a', 'b'],
      ['b', 'c'],
      ['a', 'c'],
    ]),
  ).toEqual([])
})
