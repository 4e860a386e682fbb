import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BacktestChange } from '../../../server/flows/backtest/incidents.ts'
import { at } from '../../support/desk-world.ts'
import { aTown } from '../../support/town.ts'

const ROOT = new URL('../../..', import.meta.url).pathname
let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'backtest-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** `npm run backtest` as a person types it, in an empty directory. */
function run(network: unknown, readings: string) {
  writeFileSync(join(dir, 'network.geojson'), JSON.stringify(network))
  writeFileSync(join(dir, 'readings.csv'), readings)
  const node = [
    '--import',
    join(ROOT, 'server/process/node-version.mjs'),
    join(ROOT, 'server/cli.ts'),
    'backtest',
  ]
  const args = ['--network', 'network.geojson', '--readings', 'readings.csv', '--out', 'out.jsonl']
  const { status, stderr } = spawnSync(process.execPath, [...node, ...args], { cwd: dir, encoding: 'utf8' })
  return { status, stderr }
}
const said = (): BacktestChange[] =>
  readFileSync(join(dir, 'out.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as BacktestChange)

const T = at('10:00:00')
const open = [0, 20, 40].map((s) => `${T + s * 1000},dev-w1,cover_tilt_deg,75`)

describe('npm run backtest', () => {
  it('writes a line of JSON for each change, and touches nothing else', () => {
    const { status, stderr } = run(aTown(), ['ts,device,signal,value', ...open, 'nonsense'].join('\n'))
    expect(stderr).toContain('bad lines: 1: 1 wrong_shape (first in line 5)')
    expect(status).toBe(0)
    expect(said()).toMatchObject([
      {
        at: '2026-01-15T10:00:30+08:00',
        type: 'opened',
        incident: {
          kind: 'cover',
          state: 'confirmed',
          assetIds: ['w1'],
          located: true,
          candidates: [{ assetId: 'w1', share: 1 }],
          evidence: [{ rule: 'cover.open' }],
        },
      },
    ])
    expect(readdirSync(dir).sort()).toEqual(['network.geojson', 'out.jsonl', 'readings.csv'])
  })

  it('ends with 1 when no line can be used', () => {
    const { status, stderr } = run(aTown(), 'ts,device,signal,value\nx,y\n')
    expect({ status, said: said() }).toEqual({ status: 1, said: [] })
    expect(stderr).toContain('no line could be used')
  })

  it('ends with 1 when the network is refused, every mistake listed', () => {
    const town = aTown()
    const twice = { ...town, features: [...town.features, town.features[0], { type: 'Feature' }] }
    const { status, stderr } = run(twice, ['ts,device,signal,value', ...open].join('\n'))
    expect(status).toBe(1)
    expect(stderr).toMatch(/was refused: [2-9] mistakes/)
  })
})
