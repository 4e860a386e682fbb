import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

interface Locked {
  readonly version?: string
  readonly license?: string
  readonly dev?: boolean
  readonly link?: boolean
  readonly resolved?: string
  readonly integrity?: string
  readonly hasInstallScript?: boolean
}

const root = new URL('../..', import.meta.url).pathname
const lock = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')) as {
  packages: Record<string, Locked>
}
const packages = Object.entries(lock.packages)
  .filter(([path]) => path !== '')
  .map(([path, locked]) => ({ name: path.split('node_modules/').at(-1) ?? path, ...locked }))
const versionsOf = (name: string) =>
  packages.filter((one) => one.name === name).map(({ version = '' }) => version)

/** Licences that ask for nothing but to be named. */
const PERMISSIVE = [
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'CC-BY-4.0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]
/** Files of these stay under their own licence when they are changed; tools that no user receives. */
const FOR_TOOLS = ['MPL-2.0']

describe('N32 the packages that we use', () => {
  it('may all be passed on with it', () => {
    const shipped = packages.filter(({ dev }) => dev !== true)
    expect(shipped.length).toBeGreaterThan(50)
    const wrong = shipped.filter(({ license }) => !isAllowed(license, PERMISSIVE))
    expect(wrong.map(({ name, license = 'none' }) => `${name}: ${license}`)).toEqual([])
  })

  it('are all of a known licence, the tools too', () => {
    const allowed = [...PERMISSIVE, ...FOR_TOOLS]
    expect(packages.filter(({ license }) => !isAllowed(license, allowed)).map(({ name }) => name)).toEqual([])
  })

  it('come from the registry with a hash, and none of them runs anything when it is installed', () => {
    expect(packages.filter(({ integrity, link }) => link !== true && integrity === undefined)).toEqual([])
    const scripted = packages.filter(({ hasInstallScript }) => hasInstallScript === true)
    expect(scripted.map(({ name }) => name).filter((name) => !MAY_SKIP_SCRIPT.includes(name))).toEqual([])
  })

  it('have no broker with known advisories', () => {
    for (const version of versionsOf('aedes')) expect(isAtLeast(version, [1, 2, 0])).toBe(true)
    for (const version of versionsOf('aedes-persistence')) expect(isAtLeast(version, [11, 0, 0])).toBe(true)
    expect(versionsOf('aedes')).toHaveLength(1)
    expect(isAtLeast('1.1.9', [1, 2, 0])).toBe(false)
  })

  it('are told by `npm run sbom`, one by one', () => {
    const { sbom } = (
      JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> }
    ).scripts
    const text = execFileSync('sh', ['-c', `${sbom ?? ''}`], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    })
    const bill = JSON.parse(text) as {
      bomFormat: string
      components: { name: string; licenses?: unknown[] }[]
    }
    expect(bill.bomFormat).toBe('CycloneDX')
    const told = new Set(bill.components.map(({ name }) => name))
    expect(told.has('aedes')).toBe(true)
    expect(told.has('vitest')).toBe(false)
    expect(bill.components.filter(({ licenses = [] }) => licenses.length === 0)).toEqual([])
  })
})

/** What `--ignore-scripts` leaves out harmlessly. */
const MAY_SKIP_SCRIPT: readonly string[] = []

/** `A OR B` needs one of them, `A AND B` both. */
function isAllowed(license: string | undefined, allowed: readonly string[]): boolean {
  if (license === undefined) return false
  const terms = license.replace(/[()]/g, '').split(' OR ')
  return terms.some((term) => term.split(' AND ').every((one) => allowed.includes(one)))
}

function isAtLeast(version: string, least: readonly number[]): boolean {
  const parts = version.split(/[.-]/).map(Number)
  const first = least.findIndex((part, i) => parts[i] !== part)
  return first < 0 || (parts[first] ?? 0) > (least[first] ?? 0)
}
