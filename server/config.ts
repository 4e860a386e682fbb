import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { parse as parseToml } from 'smol-toml'
import Type, { type Static, type TObject, type TSchema } from 'typebox'
import Value from 'typebox/value'
import { isAllowable } from './notify/guard.ts'
import { readNotify } from './notify/read-settings.ts'
import { NotifySettings, schemaOf } from './notify/settings.ts'
import { parseInstant } from './domain/instant.ts'

/**
 * Every setting with its title, unit, default and range. A setting `httpPort` is the variable
 * `WELLWATCH_HTTP_PORT` and the key `http_port` of wellwatch.toml; a secret may also come from the file
 * that `…_FILE` names.
 */
export const Settings = Type.Object({
  dataDir: Type.String({ title: 'data directory', default: './data', minLength: 1 }),
  host: Type.String({ title: 'address to listen on', default: '127.0.0.1', minLength: 1 }),
  httpPort: port('port of the page and the API', 8080),
  httpTrustedProxies: text(
    'addresses and ranges of your own proxies, by commas, whose X-Forwarded-For and -Proto are believed',
  ),
  /** Beside addresses, the machine's own name and names that no stranger can own. */
  publicNames: text('further names under which browsers reach the page without TLS, by commas'),
  mqttPort: port('port of the embedded broker', 1883),
  mqttWsPort: port('port of the embedded broker over WebSocket, 0 for none', 0),
  mqttTlsPort: port('port of the embedded broker over TLS', 8883),
  mqttTlsCertFile: text('certificate file; TLS is on when certificate and key are given'),
  mqttTlsKeyFile: text('key file of the certificate'),
  mqttTlsClientCaFile: text('authority of device certificates; then each device must show one with its id'),
  mqttOpenPort: port('port of an open broker for MQTT conformance suites, loopback only, 0 for none', 0),
  mqttUrl: text('an external broker instead of the embedded one, mqtt://host:port'),
  mqttUsername: text('user name at the external broker'),
  mqttPassword: secret('password at the external broker'),
  mqttMaxConnections: whole('connections of the embedded broker', 20_000, 1, 1_000_000),
  mqttMaxPerIp: whole('connections from one address', 10_000, 1, 1_000_000),
  mqttDeviceRate: whole('messages a second from one device', 5000, 1, 1_000_000),
  journalSegmentMb: whole('size of a journal segment, MiB', 32, 1, 1024),
  journalCapacityMb: whole('journal capacity, MiB', 4096, 64, 10_000_000),
  ballastMb: whole('disk kept back for the moment when it is full, MiB', 64, 0, 10_000),
  heartbeatUrl: secret('address called every minute while everything works; its silence is the alarm'),
  influxUrl: text('InfluxDB address; empty for the embedded store'),
  influxVersion: Type.Integer({ title: 'InfluxDB version', default: 2, minimum: 1, maximum: 3 }),
  influxDatabase: Type.String({ title: 'InfluxDB 1.x database', default: 'wellwatch', minLength: 1 }),
  influxOrg: text('InfluxDB 2.x organisation'),
  influxBucket: Type.String({ title: 'InfluxDB 2.x/3.x bucket', default: 'wellwatch', minLength: 1 }),
  influxToken: secret('InfluxDB 2.x/3.x token'),
  influxUsername: text('InfluxDB 1.x user'),
  influxPassword: secret('InfluxDB 1.x password'),
  rawRetentionDays: whole('raw readings kept in the embedded store, days', 31, 1, 36_500),
  minuteRetentionDays: whole('5-minute roll-ups kept, days', 90, 1, 36_500),
  hourRetentionDays: whole('hourly roll-ups kept, days', 1825, 1, 36_500),
  callerRetentionDays: whole(
    'names and numbers of callers kept after their ticket is archived, days',
    365,
    1,
    36_500,
  ),
  attachmentsMaxMb: whole('photos and documents kept in all, MiB', 20_480, 1, 10_000_000),
  callCentreKey: secret('bearer key of the other call centre, for POST /calls/external; empty for none'),
  metricsKey: secret('bearer key that reads /metrics from another machine; empty for none'),
  policyFile: text('policy pack instead of the built-in one'),
  calendarFile: text('working-day calendar instead of the built-in one'),
  basemap: Type.Enum(['none', 'pmtiles', 'raster', 'style'], {
    title: 'what lies under the network on the map',
    default: 'none',
  }),
  basemapFile: text('PMTiles file, raster or vector in the Protomaps schema'),
  basemapUrl: text('raster: address of a tile with {z} {x} {y} {key}; style: address of a MapLibre style'),
  basemapKey: secret('key of the raster map, put for {key} by the server; of a style every screen sees it'),
  basemapAttribution: text('whose map it is, shown on it'),
  basemapMaxZoom: Type.Integer({ title: 'last zoom that has tiles', default: 18, minimum: 0, maximum: 24 }),
  basemapAllow: text('raster: inside hosts, addresses and ranges that may be asked; style: further origins'),
  clock: Type.Enum(['system', 'manual'], {
    title: 'business clock; manual is for tests, loopback only',
    default: 'system',
  }),
  clockStart: text('where the manual clock starts on a fresh data directory, ISO 8601 with offset'),
  logLevel: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], {
    title: 'log level',
    default: 'info',
  }),
  logFile: text('log file, new every day and at its largest size; empty for standard output'),
  logFileMb: whole('largest size of a log file, MiB', 20, 1, 10_000),
  demoQuiet: Type.Boolean({ title: 'demo without its story', default: false }),
  /** The file's `[notify]` table alone: a list of channels does not fit into a variable. */
  notify: NotifySettings,
})
export type Config = Readonly<Static<typeof Settings>>

function port(title: string, byDefault: number) {
  return Type.Integer({ title, default: byDefault, minimum: 0, maximum: 65_535 })
}
function whole(title: string, byDefault: number, minimum: number, maximum: number) {
  return Type.Integer({ title, default: byDefault, minimum, maximum })
}
function text(title: string) {
  return Type.String({ title, default: '' })
}
function secret(title: string) {
  return Type.String({ title, default: '', writeOnly: true })
}

/** Every secret of the configuration, so that it can be masked wherever it might turn up. */
export function secretsOf(config: Config): readonly string[] {
  const ofChannels = config.notify.channel.flatMap((channel) => writtenOnly(schemaOf(channel.type), channel))
  const all = [...writtenOnly(Settings, config), ...ofChannels]
  return [...all, ...all.flatMap(partsOfUrl)]
}

/** The values that their schema marks as never to be read back. */
function writtenOnly(schema: TObject | undefined, values: object): readonly string[] {
  const secret = Object.entries<TSchema>(schema?.properties ?? {}).filter(([, each]) => 'writeOnly' in each)
  const known = new Map<string, unknown>(Object.entries(values))
  return secret.map(([key]) => known.get(key)).filter((value) => typeof value === 'string')
}

/** A request shows the path and the query of an address without its host. */
function partsOfUrl(text: string): readonly string[] {
  if (!URL.canParse(text)) return []
  const { pathname, search } = new URL(text)
  return [`${pathname}${search}`, search.slice(1)].filter((part) => part.length > 1)
}

export const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])

/** Reads environment over TOML over defaults. All mistakes are reported at once. */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
): Config | { mistakes: string[] } {
  const mistakes: string[] = []
  const fromFile = readToml(
    env.WELLWATCH_CONFIG ?? 'wellwatch.toml',
    env.WELLWATCH_CONFIG !== undefined,
    mistakes,
  )
  const values: Record<string, unknown> = {}
  for (const [key, schema] of Object.entries<TSchema>(Settings.properties)) {
    if (key === 'notify') {
      values[key] = readNotify(fromFile[key], mistakes)
      continue
    }
    const raw = rawValue(key, env, fromFile, mistakes)
    const value = raw === undefined ? (schema as { default?: unknown }).default : typed(schema, raw)
    values[key] = value
    if (Value.Check(schema, value)) continue
    mistakes.push(`${variableOf(key)}: ${describe(schema)}, not ${JSON.stringify(value)}`)
  }
  mistakes.push(...unknownKeys(fromFile))
  const config = values as Config
  if (mistakes.length === 0) mistakes.push(...contradictions(config))
  return mistakes.length > 0 ? { mistakes } : Object.freeze(config)
}

function contradictions(config: Config): string[] {
  const found: string[] = []
  if (config.clock === 'manual' && !LOOPBACK.has(config.host)) {
    found.push('WELLWATCH_CLOCK=manual: only with WELLWATCH_HOST on loopback')
  }
  if (config.clockStart !== '' && parseInstant(config.clockStart) === undefined) {
    found.push('WELLWATCH_CLOCK_START: ISO 8601 with offset, such as 2026-01-15T22:50:00+08:00')
  }
  if ((config.mqttTlsCertFile === '') !== (config.mqttTlsKeyFile === '')) {
    found.push('WELLWATCH_MQTT_TLS_CERT_FILE and WELLWATCH_MQTT_TLS_KEY_FILE: both or neither')
  }
  if (config.mqttTlsClientCaFile !== '' && config.mqttTlsCertFile === '') {
    found.push('WELLWATCH_MQTT_TLS_CLIENT_CA_FILE: needs WELLWATCH_MQTT_TLS_CERT_FILE')
  }
  if (config.mqttOpenPort !== 0 && !LOOPBACK.has(config.host)) {
    found.push('WELLWATCH_MQTT_OPEN_PORT: only with WELLWATCH_HOST on loopback')
  }
  if (config.mqttUrl !== '' && !/^(mqtts?|wss?):\/\//.test(config.mqttUrl)) {
    found.push('WELLWATCH_MQTT_URL: an address such as mqtt://host:1883')
  }
  if (config.callCentreKey !== '' && config.callCentreKey.length < 16) {
    found.push('WELLWATCH_CALL_CENTRE_KEY: at least 16 characters')
  }
  if (config.metricsKey !== '' && config.metricsKey.length < 16) {
    found.push('WELLWATCH_METRICS_KEY: at least 16 characters')
  }
  const proxies = config.httpTrustedProxies.split(',').map((each) => each.trim())
  if (config.httpTrustedProxies !== '' && !proxies.every(isAddressRange)) {
    found.push('WELLWATCH_HTTP_TRUSTED_PROXIES: addresses or ranges such as 127.0.0.1,10.0.0.0/8')
  }
  found.push(...basemapContradictions(config))
  if (config.influxUrl !== '' && !URL.canParse(config.influxUrl)) {
    found.push('WELLWATCH_INFLUX_URL: an address such as http://host:8086')
  }
  if (config.heartbeatUrl !== '' && !/^https?:\/\/[^\s]+$/.test(config.heartbeatUrl)) {
    found.push('WELLWATCH_HEARTBEAT_URL: an address such as https://host/path')
  }
  return found
}

function basemapContradictions({ basemap, basemapFile, basemapUrl, basemapAllow }: Config): string[] {
  const found: string[] = []
  const isAddress = /^https?:\/\/[^\s]+$/.test(basemapUrl)
  if (basemap === 'pmtiles' && basemapFile === '') {
    found.push('WELLWATCH_BASEMAP_FILE: the PMTiles file of WELLWATCH_BASEMAP=pmtiles')
  }
  const hasPlaces = ['{z}', '{x}', '{y}'].every((part) => basemapUrl.includes(part))
  if (basemap === 'raster' && !(isAddress && hasPlaces)) {
    found.push('WELLWATCH_BASEMAP_URL: an address such as https://host/{z}/{x}/{y}.png?key={key}')
  }
  if (basemap === 'style' && !isAddress) {
    found.push('WELLWATCH_BASEMAP_URL: an address such as https://host/style.json')
  }
  const wrong = basemapAllow
    .split(',')
    .map((each) => each.trim())
    .find((each) => each !== '' && !(basemap === 'style' ? URL.canParse(each) : isAllowable(each)))
  if (wrong !== undefined) found.push(`WELLWATCH_BASEMAP_ALLOW: ${wrong} is none of those`)
  return found
}

function isAddressRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const most = isIP(address) === 4 ? 32 : 128
  const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
  return isIP(address) !== 0 && fits && more.length === 0
}

export function variableOf(key: string): string {
  return `WELLWATCH_${tomlKeyOf(key).toUpperCase()}`
}
function tomlKeyOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function rawValue(
  key: string,
  env: Readonly<Record<string, string | undefined>>,
  fromFile: Readonly<Record<string, unknown>>,
  mistakes: string[],
): unknown {
  const name = variableOf(key)
  if (env[name] !== undefined && env[name] !== '') return env[name]
  const path = env[`${name}_FILE`]
  const isFileSetting = Object.hasOwn(Settings.properties, `${key}File`)
  if (path !== undefined && path !== '' && !isFileSetting) {
    try {
      return readFileSync(path, 'utf8').trim()
    } catch (error) {
      mistakes.push(`${name}_FILE: ${path} cannot be read (${String((error as NodeJS.ErrnoException).code)})`)
      return undefined
    }
  }
  return fromFile[tomlKeyOf(key)]
}

/** Environment variables are text; a whole number or a yes/no is read from it. */
function typed(schema: TSchema, raw: unknown): unknown {
  if (typeof raw !== 'string') return raw
  const { type } = schema as { type?: string }
  if (type === 'integer' && /^-?\d+$/.test(raw)) return Number(raw)
  if (type === 'boolean') {
    if (['1', 'true', 'yes'].includes(raw)) return true
    if (['0', 'false', 'no'].includes(raw)) return false
  }
  return raw
}

function describe(schema: TSchema): string {
  const {
    title,
    minimum,
    maximum,
    enum: choices,
  } = schema as { title?: string; minimum?: number; maximum?: number; enum?: readonly string[] }
  if (choices !== undefined) return `${title ?? ''} must be one of ${choices.join(', ')}`
  if (minimum !== undefined)
    return `${title ?? ''} must be a whole number from ${String(minimum)} to ${String(maximum)}`
  return `${title ?? ''} is not right`
}

function readToml(path: string, mustExist: boolean, mistakes: string[]): Record<string, unknown> {
  try {
    return parseToml(readFileSync(path, 'utf8'))
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    if (!missing || mustExist)
      mistakes.push(`${path}: ${missing ? 'no such file' : (error as Error).message}`)
    return {}
  }
}

/** Variables that look like ours and are none: a warning, since others may share the prefix. */
export function unknownVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = Object.keys(Settings.properties)
    .filter((key) => key !== 'notify')
    .flatMap((key) => [variableOf(key), `${variableOf(key)}_FILE`])
  const variables = new Set(['WELLWATCH_CONFIG', ...known])
  return Object.keys(env).filter((name) => name.startsWith('WELLWATCH_') && !variables.has(name))
}

function unknownKeys(fromFile: Readonly<Record<string, unknown>>): string[] {
  const tomlKeys = new Set(Object.keys(Settings.properties).map(tomlKeyOf))
  return Object.keys(fromFile)
    .filter((key) => !tomlKeys.has(key))
    .map((key) => `${key} in the configuration file: no such setting`)
}
