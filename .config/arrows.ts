import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'

const PORTS = ['server/contract', 'server/domain', 'server/flows']
const FEATURE = 'web/src/features/[^/]+'
const FLOORS = ['server/contract', 'web/src/base', 'web/src/model', 'web/src/parts', FEATURE, 'web/src/shell']

/** Which rooms a room may look into, besides itself. Everything else is refused. */
const MAY_SEE: Readonly<Record<string, readonly string[]>> = {
  broker: ['server/contract'],
  simulators: ['server/contract', 'server/hydraulics'],
  'server/contract': [],
  'server/hydraulics': ['server/contract'],
  'server/domain': ['server/contract'],
  'server/flows': ['server/contract', 'server/domain'],
  'server/disk': PORTS,
  'server/process': [...PORTS, 'server/disk', 'server/config.ts'],
  'server/journal': [...PORTS, 'server/disk'],
  'server/live': PORTS,
  'server/formats': PORTS,
  'server/mqtt': PORTS,
  'server/notify': PORTS,
  'server/profiles': PORTS,
  'server/http': PORTS,
  'server/basemap': [...PORTS, 'server/notify'],
  'server/store': [...PORTS, 'server/disk', 'server/journal'],
  'server/backup': [...PORTS, 'server/disk', 'server/journal', 'server/store'],
  'server/cli([.]ts)?': ['server', 'simulators'],
  'server/(wiring|(?!cli)[^/]+[.]ts)': ['server', 'broker'],
  ...Object.fromEntries(FLOORS.slice(1).map((floor, i) => [floor, FLOORS.slice(0, i + 1)])),
}

const roomRules = Object.entries(MAY_SEE).map(([room, seen]) => ({
  name: `${room} looks into ${seen.join(', ') || 'nothing of ours'}`,
  severity: 'error' as const,
  from: { path: `^(${room})(/|$)` },
  // A feature sees itself and no other: `$1` is the folder that matched.
  to: { pathNot: `^($1|${seen.filter((each) => each !== room).join('|')})(/|$)` },
}))

const RULES = [
  ...roomRules,
  { name: 'no circle of files', severity: 'error' as const, from: {}, to: { circular: true } },
  {
    name: 'what is started for real knows no simulator',
    severity: 'error' as const,
    from: { path: '^server/main[.]ts$' },
    to: { path: '^simulators/', reachable: true },
  },
]

/** Svelte's compiler drops imports of types, so a component stands for its scripts; a thread's URL is an import too. */
function importsAlone(file: string, text: string): string {
  const scripts = file.endsWith('.svelte')
    ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => script).join('\n')
    : text
  return scripts.replaceAll(/new URL\(('\.[^']+\.m?ts'), import\.meta\.url\)/g, 'import($1)')
}

/** Every import between these files (path → text), types and threads among them, and what breaks a rule. */
export async function arrowsOf(files: ReadonlyMap<string, string>): Promise<ICruiseResult> {
  const shadow = mkdtempSync(join(tmpdir(), 'arrows-'))
  try {
    for (const [file, text] of files) {
      const path = join(shadow, file.replace(/\.svelte$/, '.svelte.ts'))
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, importsAlone(file, text))
    }
    const ours = [...new Set([...files.keys()].map((file) => file.split('/')[0] ?? ''))].filter(
      (top) => top !== 'package.json',
    )
    const { output } = await cruise(
      ours,
      {
        baseDir: shadow,
        includeOnly: `^(${ours.join('|')})/`,
        parser: 'tsc',
        tsPreCompilationDeps: true,
        validate: true,
        ruleSet: { forbidden: RULES },
      },
      { extensions: ['.ts', '.mjs'] },
    )
    if (typeof output === 'string') throw new Error(output)
    return output
  } finally {
    rmSync(shadow, { recursive: true, force: true })
  }
}
