import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TIANJIN } from '../../server/domain/policy/tianjin.ts'
import { WUDA } from '../../server/domain/policy/wuda.ts'
import { readRules } from '../../server/wiring/policy-files.ts'
import { aCall, type Taken } from '../support/calls.ts'
import { INHERITED } from '../support/server-process.ts'
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
  Reflect.set(pack.clocks.C7, 'limitMinutes', -4)
  Reflect.set(pack.kinds.not_hot, 'level', 'fourth')
  Reflect.set(pack.flags, 'arrive_from', 'nowhere')
  return pack
}

describe('npm run policy', () => {
  it('prints the built-in pack, and another city by its name', async () => {
    const [own, other, none] = await Promise.all([
      run('cli.ts', ['policy', '--print']),
      run('cli.ts', ['policy', '--print', 'tianjin']),
      run('cli.ts', ['policy', '--print', 'atlantis']),
    ])
    expect(JSON.parse(own.out)).toEqual(JSON.parse(JSON.stringify(WUDA)))
    expect(JSON.parse(other.out)).toEqual(JSON.parse(JSON.stringify(TIANJIN)))
    expect([none.code, none.err]).toEqual([2, 'policy: no pack atlantis; there are wuda, tianjin\n'])
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
    for (const path of ['clocks.C7.limitMinutes', 'kinds.not_hot.level', 'flags.arrive_from']) {
      expect(bad.out).toContain(`${path}: `)
    }
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
    for (const said of ['clocks.C7.limitMinutes', 'kinds.not_hot.level', 'flags.arrive_from', calendar]) {
      expect(err).toContain(said)
    }
  })

  it('names a file that cannot be read', () => {
    expect(() => readRules({ policyFile: join(dir, 'nowhere.json'), calendarFile: '' })).toThrow(/nowhere/)
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
