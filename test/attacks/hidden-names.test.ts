import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DutyPlan } from '#contract/duty.ts'
import type { ImportAnswer } from '#contract/network.ts'
import type { Problem } from '#contract/problem.ts'
import { aDevice, aFile, anArea, aSource, aWell, place } from '../support/networks.ts'
import { run } from '../support/server-process.ts'
import { aWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

/** Nobody can read these, or they read as something else than they are. */
const NO_NAMES: readonly (readonly [why: string, name: string])[] = [
  ['blank', '   '],
  ['an ideographic space', '\u3000'],
  ['a zero-width space', '\u200b'],
  ['a word joiner within', '李\u2060四'],
  ['a byte order mark', '\ufeff李四'],
  ['a right-to-left override', '\u202e四李'],
  ['a directional isolate', '李\u2066四'],
  ['NUL', '李四\u0000'],
  ['a line break', '李四\nadmin'],
  ['an escape', '\u001b[31m李四'],
  ['half a sign', '李\ud800'],
  ['a blank letter', '\u3164'],
  ['blank Braille', '\u2800'],
  ['signs alone', '---'],
]
const RESERVED = ['local', 'schedule', 'detector', 'unknown', 'import', 'secrets', 'call-centre']

type Refused = { readonly status: number; readonly body: Problem }

function expectSentence({ status, body }: Refused, about: RegExp): void {
  expect([400, 422]).toContain(status)
  expect(`${body.detail ?? ''} ${JSON.stringify(body.errors ?? [])}`).toMatch(about)
}

const PERSON = { id: 'night-desk', name: '夜班', roles: ['dispatcher'], password: 'a-long-enough-one' }
const addPerson = (more: object): Promise<Refused> =>
  world.as('admin').ask('POST', '/users', { ...PERSON, ...more })

const PLAN: DutyPlan = {
  departmentId: 'network-ops',
  contactId: 'a',
  members: [{ id: 'a', name: '张三', phone: '13800000001' }],
  groups: [{ id: 'crew', name: '抢修组', rung: 'crew', areaIds: [], needed: 1, hours: 'season' }],
  shifts: [],
}
const putRoster = (more: Partial<DutyPlan>): Promise<Refused> =>
  world.as('admin').ask('PUT', '/roster', { ...PLAN, version: 0, ...more })

const importFile = async (...features: Parameters<typeof aFile>): Promise<Refused> => {
  const headers = { cookie: await world.as('engineer').cookie(), 'content-type': 'application/json' }
  const asked = { method: 'POST', headers, body: JSON.stringify(aFile(...features)) }
  const answer = await fetch(`${world.url()}/api/v1/network/imports?dryRun=true`, asked)
  return { status: answer.status, body: (await answer.json()) as Problem & ImportAnswer }
}

describe('a name', () => {
  describe.each(NO_NAMES)('%s', (_why, name) => {
    it('is no person’s', async () => {
      const refused = await addPerson({ name })
      expectSentence(refused, /可见的文字/)
      expect(refused.body.detailEn).toMatch(/visible/)
    })

    it('is nobody’s on a roster, and no group’s', async () => {
      const [member] = PLAN.members
      const [group] = PLAN.groups
      if (member === undefined || group === undefined) throw new Error('an empty plan')
      for (const more of [{ members: [{ ...member, name }] }, { groups: [{ ...group, name }] }]) {
        const refused = await putRoster(more)
        expectSentence(refused, /可见的文字/)
        expect(refused.body.detailEn).toMatch(/visible/)
      }
    })

    it('is no facility’s, no area’s and no department’s in a network file', async () => {
      const source = aSource('src', place(0, 0))
      const area = anArea('area-1', place(-1000, -1000), place(1000, 1000), { name: '一区' })
      for (const wrong of [
        aWell('w1', place(100, 0), { name }),
        { ...area, properties: { ...area.properties, name } },
        { ...area, properties: { ...area.properties, department: name } },
      ]) {
        expectSentence(await importFile(source, wrong), /可见的文字/)
      }
    })

    it('is no document’s in a notice', async () => {
      const notice = { kind: 'tariff', text: '调价', effectiveAt: '2026-02-01T00:00:00+08:00' }
      const refused: Refused = await world
        .as('dispatcher')
        .ask('POST', '/notices', { ...notice, documentId: name })
      expectSentence(refused, /可见的文字|documentId/)
    })
  })

  it('is refused, and a plain one in any script is taken', async () => {
    for (const name of ['李四', 'Anna-Marie O’Neill', '巴特尔·乌兰', 'Łukasz 3', '二班（夜）']) {
      expect([name, (await addPerson({ name })).status]).toEqual([name, 201])
    }
  })
})

describe('an id that the system itself acts under', () => {
  it.each(RESERVED)('%s is no person’s, nobody’s on a roster and no device’s', async (id) => {
    expectSentence(await addPerson({ id }), /保留/)
    const members = [...PLAN.members, { id, name: '张三', phone: '13800000001' }]
    expectSentence(await putRoster({ members }), /保留/)
    const well = aWell('w1', place(100, 0), { devices: [aDevice(id)] })
    expectSentence(await importFile(aSource('src', place(0, 0)), well), /保留/)
    const area = anArea('area-1', place(-1000, -1000), place(1000, 1000), { name: '一区' })
    const taken = { ...area, properties: { ...area.properties, department: id } }
    expectSentence(await importFile(aSource('src', place(0, 0)), taken), /保留/)
  })

  it.each(['ㅤ', '\u115f', 'w\u200b1', 'w\u202e1', 'w\u00001', ' '])('%o is no facility’s id', async (id) => {
    const { status } = await importFile(aSource('src', place(0, 0)), aWell(id, place(100, 0)))
    expect(status).toBe(422)
  })
})

describe('a department that does not exist', () => {
  it.each([['crew'], ['dispatcher']])('has nobody: a %s of it is refused', async (role) => {
    const refused = await addPerson({ roles: [role], departmentId: 'nowhere' })
    expectSentence(refused, /没有部门 nowhere/)
    expect(refused.body.detailEn).toBe('there is no department nowhere')
  })

  it('is not in the directory, and has no roster and no handover', async () => {
    expect((await putRoster({ departmentId: 'nowhere' })).status).toBe(404)
    const handover = { departmentId: 'nowhere', note: 'x' }
    expect((await world.as('dispatcher').ask('POST', '/handovers', handover)).status).toBe(404)
  })
})

describe('a secret of spaces', () => {
  it.each([' '.repeat(20), '\u3000'.repeat(20), '\u200b'.repeat(20)])(
    '%o is no password',
    async (password) => {
      expectSentence(await addPerson({ password }), /空格/)
    },
  )

  it('is no device’s', async () => {
    const secret = ' '.repeat(40)
    const refused: Refused = await world.as('admin').ask('POST', '/devices/dev-w1/secret', { secret })
    expectSentence(refused, /空格/)
  })
})

it('the command line refuses what the page refuses, in both languages', { timeout: 60_000 }, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'names-'))
  try {
    const add = async (...args: string[]) =>
      run(['server/cli.ts', 'users', 'add', ...args], { WELLWATCH_DATA_DIR: dir }, 'a-long-enough-one\n')
    const named = ['--role', 'dispatcher', '--full-name']
    for (const [args, sentence] of [
      [['zhang', ...named, ' '], /可见的文字[^]*visible/],
      [['zhang', ...named, '\u202e三张'], /可见的文字[^]*visible/],
      [['local', ...named, '本机'], /保留[^]*reserved/],
      [['zhang', '--role', 'crew', '--department', 'nowhere'], /没有部门[^]*no department/],
    ] as const) {
      const { code, out } = await add(...args)
      expect([args, code]).toEqual([args, 1])
      expect(out).toMatch(sentence)
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})
