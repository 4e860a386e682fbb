import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DutySettings } from '#contract/duty.ts'
import { PACKS } from '../../server/domain/policy/packs.ts'
import { TIANJIN } from '../../server/domain/policy/tianjin.ts'
import { WUDA } from '../../server/domain/policy/wuda.ts'
import { readRules } from '../../server/wiring/policy-files.ts'
import { aCall, type Taken } from '../support/calls.ts'
import { INHERITED } from '../support/server-process.ts'
import { silentLog } from '../support/silent-log.ts'
import { aWorld } from '../support/world.ts'

const SERVER = fileURLToPath(new URL('../../server/', import.meta.url))
let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'policy-'))
})
afterAll(() => {
  rmSync(dir, { recursive: true, force: true })
})

/** Runs one of the server's own programs to its end. */
async function run(program: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(SERVER, program), ...args], {
    cwd: dir,
    env: { ...INHERITED, WELLWATCH_DATA_DIR: join(dir, 'data'), ...env },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()))
  const code = await new Promise((resolve) => child.on('close', resolve))
  return { code, out, err }
}
const written = (name: string, pack: unknown): string => {
  writeFileSync(join(dir, name), JSON.stringify(pack))
  return join(dir, name)
}
const broken = () => {
  const pack = structuredClone(WUDA)
  Reflect.set(pack.clocks.repair_cover, 'limitMinutes', -4)
  Reflect.set(pack.kinds.not_hot, 'level', 'fourth')
  Reflect.set(pack.flags, 'arrive_from', 'nowhere')
  return pack
}

/** The pack as a file from the time when clocks and routing rules had codes. */
const withCodes = (pack: object): unknown =>
  JSON.parse(
    JSON.stringify(pack)
      .replaceAll('"repair_cover"', '"C7"')
      .replaceAll('"close_level"', '"C12c"')
      .replaceAll('"primary_in_service"', '"D3"'),
  )

describe('npm run policy', () => {
  it('prints the built-in pack, and another city by its name', async () => {
    const [own, other, none] = await Promise.all([
      run('cli.ts', ['policy', '--print']),
      run('cli.ts', ['policy', '--print', 'tianjin']),
      run('cli.ts', ['policy', '--print', 'atlantis']),
    ])
    expect(JSON.parse(own.out)).toEqual(JSON.parse(JSON.stringify(WUDA)))
    expect(JSON.parse(other.out)).toEqual(JSON.parse(JSON.stringify(TIANJIN)))
    expect([none.code, none.err]).toEqual([
      2,
      `policy: no pack atlantis; there are ${[...PACKS.keys()].join(', ')}\n`,
    ])
  })

  it('prints a JSON Schema that names every clock', async () => {
    const { out } = await run('cli.ts', ['policy', '--schema'])
    expect(JSON.parse(out)).toMatchObject({
      type: 'object',
      title: 'Wellwatch policy pack',
      properties: { clocks: { type: 'object' }, flags: { type: 'object' } },
    })
  })

  it('checks a file and names every mistake of it', async () => {
    const [good, bad] = await Promise.all([
      run('cli.ts', ['policy', '--check', written('good.json', TIANJIN)]),
      run('cli.ts', ['policy', '--check', written('bad.json', broken())]),
    ])
    expect([good.code, good.out.trim()]).toEqual([0, `${join(dir, 'good.json')} can be used`])
    expect(bad.code).toBe(1)
    for (const path of ['clocks.repair_cover.limitMinutes', 'kinds.not_hot.level', 'flags.arrive_from']) {
      expect(bad.out).toContain(`${path}: `)
    }
  })
})

describe('a pack that still calls clocks and rules by codes', () => {
  it('is converted to the names, which change nothing else', async () => {
    const { code, out } = await run('cli.ts', ['policy', '--convert', written('codes.json', withCodes(WUDA))])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(WUDA)))
    expect(out).toContain('"repair_cover": {')
  })

  it('can be used, and the check says what is called how now', async () => {
    const { code, out } = await run('cli.ts', ['policy', '--check', written('codes.json', withCodes(WUDA))])
    expect(code).toBe(0)
    for (const name of [
      'C7 is now repair_cover',
      'C12c is now close_level',
      'D3 is now primary_in_service',
    ]) {
      expect(out).toContain(name)
    }
    expect(out).toContain('--convert')
  })

  it('has its mistakes told under the names', async () => {
    const { code, out } = await run('cli.ts', ['policy', '--check', written('bad.json', withCodes(broken()))])
    expect([code, out]).toEqual([1, expect.stringContaining('clocks.repair_cover.limitMinutes: ')])
  })

  it('and by the name too is a mistake: one of the two is not meant', async () => {
    const both = structuredClone(WUDA)
    Reflect.set(both.clocks, 'C7', both.clocks.repair_cover)
    const { code, out } = await run('cli.ts', ['policy', '--check', written('both.json', both)])
    expect([code, out]).toEqual([1, expect.stringContaining('clocks.C7: ')])
  })

  it('starts with a warning that names each new name', () => {
    const warned: string[] = []
    const log = { ...silentLog, warn: (_facts: object, text: string) => warned.push(text) }
    const policyFile = written('codes.json', withCodes(TIANJIN))
    const { policy } = readRules({ policyFile, calendarFile: '' }, log)
    expect(policy).toEqual(JSON.parse(JSON.stringify(TIANJIN)))
    expect(warned).toHaveLength(1)
    expect(warned[0]).toContain('C7 is now repair_cover')
    expect(warned[0]).toContain('until 2.0')
    readRules({ policyFile: written('names.json', TIANJIN), calendarFile: '' }, log)
    expect(warned).toHaveLength(1)
  })
})

describe('WELLWATCH_POLICY_FILE', () => {
  it('with mistakes keeps the server from starting, exit 2, all of them told at once', async () => {
    const calendar = written('calendar.json', { 2026: { holidays: ['1 January'], workdays: [] } })
    const { code, err } = await run('main.ts', [], {
      WELLWATCH_POLICY_FILE: written('broken.json', broken()),
      WELLWATCH_CALENDAR_FILE: calendar,
      WELLWATCH_HTTP_PORT: '0',
      WELLWATCH_MQTT_PORT: '0',
    })
    expect(code).toBe(2)
    for (const said of [
      'clocks.repair_cover.limitMinutes',
      'kinds.not_hot.level',
      'flags.arrive_from',
      calendar,
    ]) {
      expect(err).toContain(said)
    }
  })

  it('names a file that cannot be read', () => {
    expect(() => readRules({ policyFile: join(dir, 'nowhere.json'), calendarFile: '' }, silentLog)).toThrow(
      /nowhere/,
    )
  })

  it('takes a city that says only what differs: its limit, its clause and its heating season', async () => {
    const policyFile = written('riverside.json', {
      id: 'riverside',
      extends: 'wuda',
      title: { zh: '河畔市热线管理办法', en: 'Riverside, hotline rules' },
      kinds: { cover: { clause: '第十二条' } },
      clocks: { repair_cover: { limitMinutes: 120, clause: '第十二条' } },
      levels: { special: { closeMinutes: 120 } },
      season: { from: '10-20', to: '04-10' },
    })
    const { code, out } = await run('cli.ts', ['policy', '--check', policyFile])
    expect([code, out]).toEqual([0, `${policyFile} can be used\n`])
    const world = await aWorld({ start: '12:00:00', config: { policyFile } })
    try {
      const { ticket } = await world.as('operator').post<Taken>('/calls', aCall({ assetId: 'w2' }))
      expect(ticket).toMatchObject({ dueAt: '2026-01-15T14:00:00+08:00' })
      expect(ticket.clocks.find(({ key }) => key === 'repair_cover')?.clause).toBe('第十二条')
      const roster = await world.as('dispatcher').get<{ settings: DutySettings }>('/roster')
      expect(roster).toMatchObject({
        season: { from: '2025-10-20T00:00:00+08:00', to: '2026-04-11T00:00:00+08:00' },
      })
      expect(roster.settings).toMatchObject({
        city: 'riverside',
        seasonDefault: { from: '10-20', to: '04-10' },
      })
      const settings = { ...roster.settings, seasonDefault: { from: '11-01', to: '03-31' } }
      await world.as('dispatcher').put('/roster/settings', { version: 0, settings })
      expect(await world.as('dispatcher').get('/roster')).toMatchObject({
        season: { from: '2025-11-01T00:00:00+08:00' },
      })
    } finally {
      await world.close()
    }
  })

  it('puts another city in force: the same cover, opened by the same server, is due after 6 h', async () => {
    const world = await aWorld({
      start: '12:00:00',
      config: { policyFile: written('tianjin.json', TIANJIN) },
    })
    try {
      const { ticket } = await world.as('operator').post<Taken>('/calls', aCall({ assetId: 'w2' }))
      expect(ticket).toMatchObject({ dueAt: '2026-01-15T18:00:00+08:00', state: 'dispatched' })
      expect(await world.as('wall').get('/policy')).toMatchObject({ id: 'tianjin' })
    } finally {
      await world.close()
    }
  })
})
