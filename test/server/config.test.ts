import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { settingsTable, withSettings } from '../../server/cli/settings.ts'
import { readConfig, Settings, unknownVariables, variableOf } from '../../server/config.ts'

const dir = mkdtempSync(join(tmpdir(), 'wellwatch-config-'))
function file(name: string, text: string): string {
  const path = join(dir, name)
  writeFileSync(path, text)
  return path
}

describe('configuration', () => {
  it('has defaults for everything and listens on loopback', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      httpPort: 8080,
      mqttPort: 1883,
      clock: 'system',
    })
  })

  it('takes the environment over the file and the file over defaults', () => {
    const toml = file('both.toml', 'http_port = 9000\nmqtt_port = 1999\n')
    expect(readConfig({ WELLWATCH_CONFIG: toml, WELLWATCH_HTTP_PORT: '9100' })).toMatchObject({
      httpPort: 9100,
      mqttPort: 1999,
    })
  })

  it('reads a secret from the file that *_FILE names', () => {
    const secret = file('token', 'from-a-file\n')
    expect(readConfig({ WELLWATCH_INFLUX_TOKEN_FILE: secret })).toMatchObject({ influxToken: 'from-a-file' })
  })

  it('lists every mistake at once', () => {
    const toml = file('wrong.toml', 'colour = "red"\nmqtt_port = 70000\n')
    const result = readConfig({
      WELLWATCH_CONFIG: toml,
      WELLWATCH_HTTP_PORT: 'eighty',
      WELLWATCH_CLOCK: 'sundial',
      WELLWATCH_INFLUX_PASSWORD_FILE: join(dir, 'absent'),
    })
    expect('mistakes' in result && result.mistakes.toSorted()).toEqual(
      [
        'WELLWATCH_MQTT_PORT: port of the embedded broker must be a whole number from 0 to 65535, not 70000',
        'WELLWATCH_HTTP_PORT: port of the page and the API must be a whole number from 0 to 65535, not "eighty"',
        `WELLWATCH_INFLUX_PASSWORD_FILE: ${join(dir, 'absent')} cannot be read (ENOENT)`,
        'WELLWATCH_CLOCK: business clock; manual is for tests, loopback only must be one of system, manual, not "sundial"',
        'colour in the configuration file: no such setting',
      ].toSorted(),
    )
  })

  it.each([
    [{ BASEMAP: 'pmtiles' }, /BASEMAP_FILE/],
    [{ BASEMAP: 'raster', BASEMAP_URL: 'https://host/tiles' }, /BASEMAP_URL/],
    [{ BASEMAP: 'style', BASEMAP_URL: 'style.json' }, /BASEMAP_URL/],
    [{ BASEMAP_ALLOW: '10.0.0.0/8, a b' }, /BASEMAP_ALLOW: a b/],
  ])('refuses half a basemap: %j', (given, mistake) => {
    const env = Object.fromEntries(Object.entries(given).map(([key, value]) => [`WELLWATCH_${key}`, value]))
    expect(JSON.stringify(readConfig(env))).toMatch(mistake)
  })

  it('takes a whole basemap', () => {
    const url = 'https://t0.tianditu.gov.cn/vec_w/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}'
    const env = { WELLWATCH_BASEMAP: 'raster', WELLWATCH_BASEMAP_URL: url, WELLWATCH_BASEMAP_KEY: 'k' }
    expect(readConfig(env)).toMatchObject({ basemap: 'raster', basemapUrl: url })
    const file = { WELLWATCH_BASEMAP: 'pmtiles', WELLWATCH_BASEMAP_FILE: '/srv/town.pmtiles' }
    expect(readConfig(file)).toMatchObject({ basemap: 'pmtiles', basemapFile: '/srv/town.pmtiles' })
  })

  it('refuses the manual clock on a public address', () => {
    expect(readConfig({ WELLWATCH_CLOCK: 'manual', WELLWATCH_HOST: '0.0.0.0' })).toEqual({
      mistakes: ['WELLWATCH_CLOCK=manual: only with WELLWATCH_HOST on loopback'],
    })
  })

  it('refuses a start of the manual clock that is no instant', () => {
    expect(readConfig({ WELLWATCH_CLOCK: 'manual', WELLWATCH_CLOCK_START: '2026-01-15 22:50' })).toEqual({
      mistakes: ['WELLWATCH_CLOCK_START: ISO 8601 with offset, such as 2026-01-15T22:50:00+08:00'],
    })
  })

  it('is described in CONFIGURATION.md, every setting as the schema has it', () => {
    const document = readFileSync(new URL('../../server/CONFIGURATION.md', import.meta.url), 'utf8')
    const missing = Object.keys(Settings.properties).filter(
      (key) => key !== 'notify' && !document.includes(`| \`${variableOf(key)}\` `),
    )
    expect(missing).toEqual([])
    expect(withSettings(document)).toBe(document)
    expect(document).toContain('[[notify.channel]]')
  })

  it('has a table that an outdated document gets anew, and nothing else of it', () => {
    const old = 'before\n<!-- settings -->\n| old |\n<!-- /settings -->\nafter\n'
    expect(withSettings(old)).toBe(`before\n<!-- settings -->\n${settingsTable()}<!-- /settings -->\nafter\n`)
    expect(settingsTable()).toContain('| `WELLWATCH_INFLUX_VERSION` | InfluxDB version | `2` | 1 … 3 |')
  })

  it('refuses half of a TLS pair and a file that is not TOML', () => {
    expect(readConfig({ WELLWATCH_MQTT_TLS_CERT_FILE: '/x' })).toEqual({
      mistakes: ['WELLWATCH_MQTT_TLS_CERT_FILE and WELLWATCH_MQTT_TLS_KEY_FILE: both or neither'],
    })
    expect(readConfig({ WELLWATCH_CONFIG: file('broken.toml', 'a = ') })).toHaveProperty('mistakes')
  })

  it('names variables that it does not know', () => {
    expect(unknownVariables({ WELLWATCH_HTTP_PROT: '1', WELLWATCH_HTTP_PORT: '1', PATH: '' })).toEqual([
      'WELLWATCH_HTTP_PROT',
    ])
  })
})
