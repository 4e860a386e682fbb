import { readFileSync } from 'node:fs'
import type { TSchema } from 'typebox'
import Value from 'typebox/value'
import { everyError } from '../domain/every-error.ts'
import { isAllowable } from './guard.ts'
import { CHANNEL_KINDS } from './channel-kinds.ts'
import { schemaOf, type ChannelSettings, type NotifySettings } from './settings.ts'

type Table = Readonly<Record<string, unknown>>

/** Reads the `[notify]` table; every mistake is named by channel and key, and no value is ever repeated. */
export function readNotify(raw: unknown, mistakes: string[]): NotifySettings {
  if (raw === undefined) return { language: 'zh', allow: [], channel: [] }
  if (!isTable(raw)) {
    mistakes.push('notify: is a table of the configuration file')
    return { language: 'zh', allow: [], channel: [] }
  }
  for (const key of Object.keys(raw)) {
    if (!['language', 'allow', 'channel'].includes(key)) mistakes.push(`notify.${key}: no such setting`)
  }
  const { language = 'zh' } = raw
  if (language !== 'zh' && language !== 'en') mistakes.push('notify.language: must be zh or en')
  const channel = readChannels(raw['channel'] ?? [], mistakes)
  return {
    language: language === 'en' ? 'en' : 'zh',
    allow: readAllow(raw['allow'] ?? [], mistakes),
    channel,
  }
}

function readAllow(raw: unknown, mistakes: string[]): string[] {
  const entries: unknown[] = Array.isArray(raw) ? raw : [raw]
  const wrong = entries.filter((entry) => typeof entry !== 'string' || !isAllowable(entry))
  if (wrong.length > 0) mistakes.push('notify.allow: host names, addresses and ranges such as 10.1.0.0/16')
  return entries.filter((entry) => typeof entry === 'string')
}

function readChannels(raw: unknown, mistakes: string[]): ChannelSettings[] {
  if (!Array.isArray(raw)) {
    mistakes.push('notify.channel: is a list of tables, [[notify.channel]]')
    return []
  }
  const channels = raw.flatMap((each: unknown, index) => readChannel(each, index, mistakes))
  const ids = channels.map(({ id }) => id)
  for (const id of new Set(ids.filter((each, index) => ids.indexOf(each) !== index)))
    mistakes.push(`notify.channel ${id}: two channels have this id`)
  return channels
}

function readChannel(raw: unknown, index: number, mistakes: string[]): ChannelSettings[] {
  const table: Table = isTable(raw) ? raw : {}
  const name = `notify.channel ${typeof table['id'] === 'string' ? table['id'] : String(index + 1)}`
  const found: string[] = []
  const channel = withFiles(table, found)
  const schema = schemaOf(channel['type'])
  if (schema === undefined)
    found.push(`type: must be one of ${CHANNEL_KINDS.map(({ type }) => type).join(', ')}`)
  else found.push(...errorsOf(schema, channel))
  mistakes.push(...found.map((mistake) => `${name}: ${mistake}`))
  return isChannel(channel) ? [channel] : []
}

/** `secret_file = "/path"` gives `secret`; `previous_secret` is written like all keys of the file. */
function withFiles(table: Table, found: string[]): Table {
  const read = Object.entries(table).flatMap(([key, value]) => {
    const name = key.replace(/_file$/, '')
    if (name === key || typeof value !== 'string') return [[camel(key), value] as const]
    try {
      return [[camel(name), readFileSync(value, 'utf8').trim()] as const]
    } catch (error) {
      found.push(`${key}: ${value} cannot be read (${String((error as NodeJS.ErrnoException).code)})`)
      return []
    }
  })
  return Object.fromEntries(read)
}

function errorsOf(schema: TSchema, value: Table): readonly string[] {
  const said = everyError(schema, value).filter(({ keyword }) => keyword !== 'boolean')
  const errors = said.map(({ instancePath, message, keyword, params }) => {
    const path = instancePath.slice(1).replaceAll('/', '.')
    if (keyword === 'required' && 'requiredProperties' in params)
      return `lacks ${params.requiredProperties.join(', ')}`
    if (keyword === 'additionalProperties' && 'additionalProperties' in params)
      return `${params.additionalProperties.join(', ')}: no such setting`
    return `${path}: ${message}`
  })
  return [...new Set(errors)]
}

function isChannel(value: unknown): value is ChannelSettings {
  return CHANNEL_KINDS.some(({ schema }) => Value.Check(schema, value))
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function camel(key: string): string {
  return key.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
}
