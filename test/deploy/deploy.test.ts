import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Settings, variableOf } from '../../server/config.ts'
import { aWorld } from '../support/world.ts'

const read = (name: string): string =>
  readFileSync(new URL(`../../server/deploy/${name}`, import.meta.url), 'utf8')
const known = new Set(
  Object.keys(Settings.properties)
    .flatMap((key) => [variableOf(key), `${variableOf(key)}_FILE`])
    .concat('WELLWATCH_CONFIG'),
)

describe('the files for operation', () => {
  it('alert on nothing but what is measured', async () => {
    const world = await aWorld()
    onTestFinished(() => world.close())
    const measured = await (await fetch(`${world.url()}/metrics`)).text()
    const names = new Set([...measured.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name))
    const rules = [...read('alerts.yaml').matchAll(/^\s+expr: (.*)$/gm)].map(([, rule = '']) => rule)
    const asked = rules.flatMap((rule) => [...rule.matchAll(/\bwellwatch_\w+/g)].map(([name]) => name))
    expect(rules.length).toBeGreaterThanOrEqual(8)
    expect(asked.filter((name) => !names.has(name))).toEqual([])
    const narrowed = [...rules.join('\n').matchAll(/wellwatch_\w+\{\w+="\w+"\}/g)].map(([one]) => one)
    expect(narrowed.length).toBeGreaterThan(2)
    // There from the start, at nought: the first failure is then an increase.
    for (const one of narrowed) expect(measured).toContain(`\n${one} 0\n`)
  })

  it('tell of every alert what it means', () => {
    const rules = read('alerts.yaml').split('- alert:').slice(1)
    for (const rule of rules) {
      expect(rule).toMatch(/severity: (page|warn)/)
      expect(rule).toMatch(/summary: .{10}/)
      expect(rule).toMatch(/description: .{10}/)
    }
  })

  it.each(['wellwatch.service', 'Containerfile', 'compose.yaml', '.env.example'])(
    '%s sets no setting that there is not',
    (name) => {
      const named = [...read(name).matchAll(/\bWELLWATCH_[A-Z_]+\b/g)].map(([variable]) => variable)
      expect(named.length).toBeGreaterThan(0)
      expect(named.filter((variable) => !known.has(variable))).toEqual([])
    },
  )

  it('stop a server no sooner than it can drain', () => {
    expect(read('wellwatch.service')).toContain('TimeoutStopSec=30')
    expect(read('compose.yaml')).toContain('stop_grace_period: 30s')
  })

  it('run it as nobody in particular, on a system that it cannot change', () => {
    expect(read('Containerfile')).toMatch(/^USER node$/m)
    expect(read('compose.yaml')).toMatch(/read_only: true[\s\S]*cap_drop:\s+- ALL/)
    const unit = read('wellwatch.service')
    for (const line of [
      'DynamicUser=yes',
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
      'CapabilityBoundingSet=',
    ]) {
      expect(unit.split('\n')).toContain(line)
    }
  })
})
