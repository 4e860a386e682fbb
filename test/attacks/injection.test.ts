import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ID_PATTERN } from '#contract/identity.ts'
import { SIGNAL_PATTERN } from '#contract/telemetry.ts'
import { cellText } from '../../server/domain/csv.ts'
import { whereOf } from '../../server/store/readings/influx/influxql.ts'
import { aPng } from '../support/pictures.ts'
import { run } from '../support/server-process.ts'
import { openCover } from '../support/town.ts'
import { aWorld, type World } from '../support/world.ts'

/** Each breaks out of another language when it is pasted into it. */
const HOSTILE = [
  "' or 1=1; drop table ticket; --",
  '" OR ""="" /*',
  "x' AND time > 0; DROP MEASUREMENT well --",
  'cover,site=1 value=1i 0\nhack value=1',
  'a\\',
  '%',
  '%25%27',
  'CON\r\nSet-Cookie: x=1',
  '\u001b[2J\u001b[31mred',
  '${7*7}{{7*7}}<%= 7 %>#{7}',
  '<img src=x onerror=alert(1)>',
  'javascript:alert(1)',
  '../../../../etc/passwd',
  '\u202egnp.exe',
  '\ud800',
  '\u0000',
  '__proto__',
  'NaN',
  '-1',
  '1e400',
  '9'.repeat(40),
  '=cmd|calc!A1',
  '*)(uid=*',
]

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: {
    readonly content: Record<string, { readonly schema: { readonly properties?: Record<string, unknown> } }>
  }
}

let world: World
let operations: readonly { method: string; path: string; operation: Operation }[]
beforeAll(async () => {
  world = await aWorld()
  await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
  await world.settle()
  const document = (await (await fetch(`${world.url()}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>
  }
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
})
afterAll(() => world.close())

const faultOf = (status: number, text: string): string | undefined => {
  if (status >= 500 && status !== 503) return `status ${String(status)}`
  return /\bat .+:\d+:\d+|SQLITE|syntax error/.test(text) ? `tells ${text.slice(0, 200)}` : undefined
}

describe('N21 hostile text', () => {
  it('in every parameter of every route is text: no route fails, none tells of its insides', async () => {
    const cookie = await world.as('admin').cookie()
    const wrong: string[] = []
    let asked = 0
    for (const { method, path, operation } of operations) {
      if (method !== 'GET' || path.endsWith('/live')) continue
      const names = (operation.parameters ?? []).map((parameter) => [parameter.in, parameter.name] as const)
      for (const [where, name] of names) {
        for (const text of HOSTILE) {
          const value = encodeURIComponent(text.toWellFormed())
          const filled = where === 'path' ? path.replace(`{${name}}`, value) : `${path}?${name}=${value}`
          const response = await fetch(world.url() + filled.replaceAll(/\{\w+\}/g, 'w1'), {
            headers: { cookie },
          })
          const fault = faultOf(response.status, await response.text())
          if (fault !== undefined) wrong.push(`${path} ${name}=${text}: ${fault}`)
          asked += 1
        }
      }
    }
    expect(asked).toBeGreaterThan(1000)
    expect(wrong).toEqual([])
    expect(await world.as('dispatcher').tickets()).toHaveLength(1)
  })

  it('in every field of every body is refused or kept as text, and shown as it was sent', async () => {
    const desk = await world.as('dispatcher').cookie()
    const admin = await world.as('admin').cookie()
    const wrong: string[] = []
    for (const { method, path, operation } of operations) {
      const schema = operation.requestBody?.content['application/json']?.schema
      if (
        method === 'GET' ||
        schema?.properties === undefined ||
        path.endsWith('/session') ||
        path.endsWith('/clock')
      )
        continue
      for (const field of Object.keys(schema.properties)) {
        for (const value of [HOSTILE[0], '\ud800', '\u0000', 1e308, [[]], null]) {
          const cookie = /users|devices|network|roster/.test(path) ? admin : desk
          const body = JSON.stringify({ [field]: value })
          const headers = { cookie, 'content-type': 'application/json' }
          const url = world.url() + path.replaceAll(/\{\w+\}/g, 'w1')
          const response = await fetch(url, { method, headers, body })
          const fault = faultOf(response.status, await response.text())
          if (fault !== undefined) wrong.push(`${method} ${path} ${body}: ${fault}`)
        }
      }
    }
    expect(wrong).toEqual([])
  })

  it('of a caller is kept whole and comes back as it was, in searches too', async () => {
    const operator = world.as('operator')
    for (const [i, text] of HOSTILE.slice(0, 13).entries()) {
      const address = `${String(i)} ${text}`
      const { ticket } = await operator.post<{ ticket: { id: string } }>('/calls', {
        kind: 'not_hot',
        contact: 'help',
        source: 'phone',
        callerPhone: '13812345678',
        address,
        description: text,
      })
      const kept = await operator.ticket(ticket.id)
      expect(kept.calls[0]).toMatchObject({
        address: kept.address,
        description: expect.any(String) as string,
      })
      const [found] = await operator.tickets(`q=${encodeURIComponent(kept.address ?? '')}`)
      expect(found?.id).toBe(ticket.id)
    }
  })

  it('in a table begins no formula, also where a spreadsheet is Chinese', () => {
    for (const start of [
      '=',
      '+',
      '-',
      '@',
      '\t',
      '\r',
      '\n',
      '＝',
      '＋',
      '－',
      '＠',
      ' =',
      '\u00a0=',
      '\ufeff=',
    ]) {
      const cell = cellText(`${start}HYPERLINK("http://x")`)
      expect([start, cell.replace(/^"/, '').startsWith("'")]).toEqual([start, true])
    }
    for (const plain of ['一区', 'a=b', '3 号楼', '']) expect(cellText(plain)).toBe(plain)
    expect(cellText('a"b,c')).toBe('"a""b,c"')
  })

  it('in a file’s name makes no header', async () => {
    const names = [
      'a\r\nSet-Cookie: x=1.png',
      'a"; filename="b.exe',
      '..\\..\\a.png',
      '\u202egnp.exe',
      'a\u0000b',
      ';',
    ]
    for (const name of names) {
      const form = new FormData()
      form.append('file', new Blob([new Uint8Array(aPng())]), name)
      const { id } = await world.as('dispatcher').post<{ id: string }>('/attachments', form)
      const cookie = await world.as('dispatcher').cookie()
      const { headers } = await fetch(`${world.url()}/api/v1/attachments/${id}`, { headers: { cookie } })
      expect(headers.get('set-cookie')).toBeNull()
      expect(headers.get('content-disposition')).toMatch(/^inline; filename\*=UTF-8''[\w.!~*'()%-]+$/)
    }
  })

  it('never reaches a query of InfluxDB: what is no id or signal asks nothing', () => {
    for (const text of HOSTILE) {
      if (!ID_PATTERN.test(text)) expect(whereOf({ deviceId: text, from: 0, to: 1 })).toBeUndefined()
      if (!SIGNAL_PATTERN.test(text)) expect(whereOf({ signal: text, from: 0, to: 1 })).toBeUndefined()
    }
    for (const assetId of ["w'1", 'w\\1', 'w"1', 'w\n1', "w'; DROP MEASUREMENT well --"]) {
      const where = whereOf({ assetId, from: 0, to: 1 })
      expect(where === undefined || !where.includes("w'")).toBe(true)
    }
  })

  it('in a log stays within its line and its string', async () => {
    const script = `import { createLog } from './server/process/log.ts'
      const log = createLog('info')
      for (const text of ${JSON.stringify(HOSTILE.map((text) => text.toWellFormed()))}) {
        log.warn({ device: text, err: new Error(text) }, text)
      }`
    const { out, code } = await run(['--input-type=module', '-e', script], {})
    expect(code).toBe(0)
    const lines = out.trimEnd().split('\n')
    expect(lines).toHaveLength(HOSTILE.length)
    expect(lines.map((line) => (JSON.parse(line) as { device: string }).device)).toEqual(
      HOSTILE.map((text) => text.toWellFormed()),
    )
    expect([...out].filter((sign) => sign < ' ' && sign !== '\n')).toEqual([])
  })
})
