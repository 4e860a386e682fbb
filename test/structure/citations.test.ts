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
const sources = tracked.filter((file) => /\.(ts|svelte|m?js|ya?ml|service|css)$/.test(file))

/** Codes of the register, of faults and attacks, and of promises. */
const CODES =
  /(?<![\w-])(?:A(?:[1-9]|[1-3]\d|4[0-6])|C(?:[1-9]|1[0-6])[abcw]?|D[0-6]|G[1-6]|R-\d\d|F(?:[1-9]|1\d|2[0-3])|N(?:[1-9]|[12]\d|3[0-3])|P[1-6])(?![\w-])/g
const explained = new Set(
  tracked
    .filter((file) => file.endsWith('README.md'))
    .flatMap((file) => [...text(file).matchAll(CODES)].map(([code]) => code)),
)

const commentsIn = (source: string): string[] =>
  [...source.matchAll(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|(?<=^|\s)\/\/.*$|(?<=^\s*)#.*$/gm)].map(
    ([comment]) => comment,
  )
const codesIn = (source: string): string[] =>
  commentsIn(source).flatMap((comment) => [...comment.matchAll(CODES)].map(([code]) => code))

/** Markdown files that a comment names and that lie neither beside it, nor at the root, nor anywhere by that path. */
function untracked(file: string, source: string): string[] {
  return commentsIn(source)
    .flatMap((comment) => [...comment.matchAll(/[\w.-][\w./-]*\.md\b/g)].map(([name]) => name))
    .filter((name) => {
      const beside = normalize(join(dirname(file), name))
      return !tracked.some((each) => each === beside || each === name || each.endsWith(`/${name}`))
    })
}

describe('a citation in a comment', () => {
  it('names a tracked file', () => {
    expect(sources.flatMap((file) => untracked(file, text(file)).map((name) => `${file}: ${name}`))).toEqual(
      [],
    )
  })

  it('names a code that a tracked README explains', () => {
    const unknown = sources.flatMap((file) =>
      codesIn(text(file))
        .filter((code) => !explained.has(code))
        .map((code) => `${file}: ${code}`),
    )
    expect(unknown).toEqual([])
  })

  it('is found wherever comments stand', () => {
    expect(codesIn('const a = 1 // see A45')).toEqual(['A45'])
    expect(codesIn('/**\n * By R-23 and\n * G2.\n */')).toEqual(['R-23', 'G2'])
    expect(codesIn("const name = 'A45'")).toEqual([])
    expect(untracked('server/app.ts', '// as policies.md says, and broker/mqtt-3.1.1.md')).toEqual([
      'policies.md',
    ])
  })
})

/** Where codes are values: packs say which reading they follow, and old events and files spoke in codes. */
const SPEAKS_IN_CODES = /^(server\/domain\/policy\/|server\/contract\/former-names\.ts$)/

it('no code of the register reaches a user: none stands in a text', () => {
  const shown = sources.filter(
    (file) => /^(server|web\/src)\//.test(file) && /\.(ts|svelte)$/.test(file) && !SPEAKS_IN_CODES.test(file),
  )
  expect(shown.length).toBeGreaterThan(500)
  const inTexts = shown.flatMap((file) => {
    const code = text(file).replaceAll(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|(?<=^|\s)\/\/.*$/gm, '')
    return [...code.matchAll(/(['"`])(?:(?!\1)[^\\\n]|\\.)*\1/g)]
      .filter(([literal]) => /(?<![\w-])(?:A(?:[1-9]|[1-3]\d|4[0-6])|G[1-6]|R-\d\d)(?![\w-])/.test(literal))
      .map(([literal]) => `${file}: ${literal}`)
  })
  expect(inTexts).toEqual([])
})
