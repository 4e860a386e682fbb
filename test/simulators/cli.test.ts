import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SCENARIOS } from '../../simulators/scenarios/catalogue.ts'
import { openBroker } from '../broker/support.ts'

const CLI = new URL('../../simulators/cli.ts', import.meta.url).pathname

function simulate(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err })
    })
  })
}

let directory = ''
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wellwatch-simulate-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

describe('npm run simulate', () => {
  it('lists every scenario', async () => {
    const { code, out } = await simulate('--list')
    expect(code).toBe(0)
    for (const { name } of SCENARIOS) expect(out).toContain(name)
  })

  it.each([
    [['--scenario', 'flood', '--at', 'spare-1'], 'no scenario is called flood; there are: cover-displaced'],
    [['--scenari'], 'Unknown option'],
    [['--scenario', 'steam', '--at', 'nowhere'], 'no asset and no device is called nowhere'],
    [['--scenario', 'steam', '--at', 'spare-4'], 'this needs a well of the primary network'],
    [['--scenario', 'steam', '--at', 'spare-1', '--seed', 'x'], '--seed x is not a whole number'],
    [['--scenario', 'steam', '--at', 'spare-1', '--speed=-1'], '--speed -1 is not between 0 and 10000'],
    [['--scenario', 'steam', '--at', 'spare-1', '--url', 'http://x'], 'is not an MQTT address'],
    [['--scenario', 'steam', '--at', 'spare-1', '--network', '/nowhere.json'], 'ENOENT'],
    [['--scenario', 'steam', '--at', 'spare-1', '--url', 'mqtt://127.0.0.1:1'], 'cannot connect'],
  ])('%j fails with one clear line', async (args, why) => {
    const { code, err } = await simulate(...args)
    expect(code).not.toBe(0)
    expect(err).toContain(why)
    expect(err.trim().split('\n')).toHaveLength(1)
  })

  it('names the mistakes of a network file', async () => {
    const path = join(directory, 'bad.json')
    const feature = {
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [0, 0] },
      properties: { kind: 'well', id: 'w' },
    }
    await writeFile(path, JSON.stringify({ type: 'FeatureCollection', features: [feature] }))
    const { code, err } = await simulate('--scenario', 'steam', '--at', 'w', '--network', path)
    expect(code).toBe(1)
    expect(err).toContain('w: must have required properties')
  })

  it('publishes a scenario of another network as its device and prints the truth', async () => {
    const path = join(directory, 'one-well.json')
    const device = {
      id: 'lid-1',
      signals: ['cover_tilt_deg', 'cover_open', 'battery_v'],
      intervalS: 86_400,
      power: 'battery',
    }
    const feature = {
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [106.7, 39.5] },
      properties: { kind: 'well', id: '井1', name: '井1', network: 'primary', devices: [device] },
    }
    await writeFile(path, JSON.stringify({ type: 'FeatureCollection', features: [feature] }))
    const broker = await openBroker({
      authenticate: async (id, secret) => id === 'lid-1' && secret === 'other',
    })
    const args = ['--scenario', 'cover-missing', '--at', '井1', '--network', path, '--password', 'other']
    const began = Date.now()
    const { code, out } = await simulate(...args, '--speed', '90', '--url', `mqtt://127.0.0.1:${broker.port}`)
    const messages = broker.messages.map(({ channel, body }) => ({
      channel,
      body: JSON.parse(Buffer.from(body).toString()),
    }))
    await broker.close()
    expect(code).toBe(0)
    expect(out).toContain('"kind":"cover-missing","assetId":"井1"')
    expect(messages.find(({ channel }) => channel === 'event')?.body).toMatchObject({ event: 'cover_open' })
    const samples = messages
      .filter(({ channel }) => channel === 'telemetry')
      .flatMap(({ body }) => [body].flat())
    expect(samples.some(({ values }) => values.cover_open === true && values.cover_tilt_deg > 60)).toBe(true)
    for (const { ts } of samples) {
      expect(ts).toBeLessThan(Date.now())
      expect(ts).toBeGreaterThan(began - 10 * 60_000)
    }
  })
})
