import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { readConfig, secretsOf, type Config } from '../../server/config.ts'
import { fileSink } from '../../server/process/log-file.ts'
import { createLog } from '../../server/process/log.ts'

function lines() {
  const written: string[] = []
  return { written, sink: { write: (line: string) => void written.push(line) } }
}

describe('a line of the log', () => {
  it.each([
    ['a password', { password: 'canary-1' }],
    ['a nested secret', { channel: { settings: { secret: 'canary-1' } } }],
    ['a list of tokens', { all: [{ token: 'canary-1' }] }],
    ['a header', { headers: { authorization: 'Bearer canary-1', cookie: 'x=canary-1' } }],
    ['a caller’s number', { call: { callerPhone: 'canary-1' } }],
    ['a key', { callCentreKey: 'canary-1' }],
  ])('masks %s by its name', (_name, facts) => {
    const { written, sink } = lines()
    createLog('info', sink).warn(facts, 'said')
    expect(written.join('')).not.toContain('canary-1')
    expect(written.join('')).toContain('***')
  })

  it('masks a known secret wherever it stands: in a sentence, an address, an error and its cause', () => {
    const { written, sink } = lines()
    const log = createLog('info', sink)
    const secret = 'canary "ä/2"'
    log.hide([secret, 'ab'])
    const cause = new Error(`GET http://x/?q=${encodeURIComponent(secret)}`)
    log.error({ err: new Error(`refused ${secret}`, { cause }), about: `of ${secret}` }, 'a cabbage')
    expect(written.join('')).not.toMatch(/canary/)
    expect(written.join('')).toContain('cabbage')
  })

  it('keeps what may be known', () => {
    const { written, sink } = lines()
    createLog('info', sink).info({ device: 'well-17', lagMs: 3 }, 'said')
    expect(JSON.parse(written[0] ?? '')).toMatchObject({ device: 'well-17', lagMs: 3, msg: 'said' })
  })

  it('is left out rather than waited for when standard output is full', () => {
    const log = new URL('../../server/process/log.ts', import.meta.url).href
    const script = `const { createLog } = await import('${log}')
      for (let i = 0; i < 3; i++) createLog('info').info({}, 'x'.repeat(5000))
      process.stderr.write('done')`
    const node = `exec "${process.execPath}" --input-type=module -e "$0" > /dev/full`
    const { stderr, status } = spawnSync('sh', ['-c', node, script], { timeout: 15_000 })
    expect([stderr.toString(), status]).toEqual(['done', 0])
  })
})

describe('a log file', () => {
  it('begins anew at its largest size, and the old one is packed', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'log-'))
    onTestFinished(() => rmSync(dir, { recursive: true }))
    const { sink, written } = lines()
    const file = fileSink(join(dir, 'wellwatch.log'), 1, sink)
    const line = `${'x'.repeat(1023)}\n`
    for (let i = 0; i < 1100; i += 1) file.write(line)
    await vi.waitFor(() => expect(readdirSync(dir).some((name) => name.endsWith('.gz'))).toBe(true), 5000)
    file.write('the last\n')
    await file.close()
    expect(readFileSync(join(dir, 'wellwatch.log'), 'utf8')).toMatch(/the last\n$/)
    expect(written).toEqual([])
  })

  it('that cannot be written is no reason to stop: the lines go elsewhere', async () => {
    const { sink, written } = lines()
    const file = fileSink(join(import.meta.filename, 'wellwatch.log'), 1, sink)
    file.write('first\n')
    await vi.waitFor(() => expect(written.join('')).toContain('cannot be written'))
    file.write('second\n')
    expect(written.at(-1)).toBe('second\n')
    await file.close()
  })
})

describe('the secrets of the configuration', () => {
  it('are all those that are written only, the keys of channels, and what an address hides', () => {
    const channel = [
      { id: 'a', type: 'wecom', url: 'https://x.example/send?key=canary-key' },
      { id: 'b', type: 'sms', url: 'https://y.example/z', secret: 'whsec_canary' },
    ]
    const base = readConfig({}) as Config
    const config = {
      ...base,
      influxToken: 'canary-token',
      heartbeatUrl: 'https://h.example/beat/canary',
      notify: { ...base.notify, channel },
    } as Config
    expect(secretsOf(config)).toEqual(
      expect.arrayContaining(['canary-token', '/beat/canary', 'key=canary-key', 'whsec_canary']),
    )
  })
})
