import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
const text = (file: string): string => readFileSync(join(root, file), 'utf8')
const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)))
const places = new Set(tracked.flatMap((file) => [file, ...foldersOf(file)]))
const documents = tracked.filter((file) => file.endsWith('.md'))
const readmes = documents.filter((file) => file !== 'README.md' && file.endsWith('/README.md'))

/** Every top folder and the rooms that the door leads to have one; what further rooms have is held to the same. */
const ROOMS = [
  ...new Set(tracked.flatMap((file) => foldersOf(file).slice(-1))),
  'server/contract',
  'server/deploy',
  'server/domain/policy',
  'server/journal',
  'server/store',
  'server/store/readings',
  'test/bench',
  'test/score',
].filter((room) => !room.startsWith('.'))

/** Folders above a file, the nearest first. */
function foldersOf(file: string): string[] {
  const folder = dirname(file)
  return folder === '.' ? [] : [folder, ...foldersOf(folder)]
}

/** The first line, or the first below a title. */
function sentenceOf(readme: string): string {
  return (
    text(readme)
      .split('\n')
      .find((line) => line.trim() !== '' && !line.startsWith('# ')) ?? ''
  )
}

/** Files and folders that a document leads to, as paths from the root. */
function linksOf(document: string): string[] {
  const withoutCode = text(document).replaceAll(/^```[\s\S]*?^```/gm, '')
  return [...withoutCode.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.split('#')[0] ?? '')
    .filter((target) => target !== '' && !/^\w+:/.test(target))
    .map((target) => normalize(join(dirname(document), target)).replace(/\/$/, ''))
}

describe('the documents', () => {
  it('begin at a door of at most 150 lines and 16 kB', () => {
    expect(text('README.md').split('\n').length).toBeLessThanOrEqual(151)
    expect(Buffer.byteLength(text('README.md'))).toBeLessThanOrEqual(16_000)
  })

  it('are at most 180 lines long, but for the MQTT standard statement by statement', () => {
    const long = documents.filter((file) => text(file).trimEnd().split('\n').length > 180)
    expect(long.filter((file) => file !== 'broker/mqtt-3.1.1.md')).toEqual([])
  })

  it('have a README in every room, and another one leads to each', () => {
    expect(ROOMS.filter((room) => !tracked.includes(`${room}/README.md`))).toEqual([])
    const led = new Set(['README.md', ...readmes].flatMap(linksOf))
    expect(readmes.filter((readme) => !led.has(readme))).toEqual([])
  })

  it.each(readmes)('%s says in its first line, in one sentence, what the room is', (readme) => {
    expect(sentenceOf(readme)).toMatch(/^[A-Z`].{20,}\.$/)
    expect(sentenceOf(readme)).not.toMatch(/[a-z)`]{2,}[.!?] [A-Z]/)
  })

  it('lead only to files and folders that there are', () => {
    const dead = documents.flatMap((document) =>
      linksOf(document)
        .filter((target) => !places.has(target))
        .map((target) => `${document}: ${target}`),
    )
    expect(dead).toEqual([])
  })

  it('have tables that nothing pads', () => {
    const padded = documents.filter((file) => /^\|.*(?:[^|\s] {2,}\|| -{4,} \|)/m.test(text(file)))
    expect(padded).toEqual([])
  })
})

/** Headings by their level, and what stands between fences but for drawings. */
function outlineOf(document: string) {
  const commands = [...text(document).matchAll(/^```\w*\n([\s\S]*?)^```/gm)]
    .filter(([whole]) => !whole.startsWith('```mermaid'))
    .map(([, command = '']) => command)
  const levels = [
    ...text(document)
      .replaceAll(/^```[\s\S]*?^```/gm, '')
      .matchAll(/^(#+) /gm),
  ]
  return { commands, levels: levels.map(([, level = '']) => level.length) }
}

describe.each([
  ['.readme/README.zh.md', 'README.md'],
  ['.readme/RUNBOOK.zh.md', 'server/deploy/RUNBOOK.md'],
])('%s', (chinese, english) => {
  it(`has the headings and the commands of ${english}`, () => {
    expect(outlineOf(chinese)).toEqual(outlineOf(english))
    expect(outlineOf(english).levels.length).toBeGreaterThan(5)
  })
})
