import { readFileSync, writeFileSync } from 'node:fs'
import type { TSchema } from 'typebox'
import { Settings, variableOf } from '../config.ts'

const DOCUMENT = new URL('../CONFIGURATION.md', import.meta.url)
const [BEGIN, END] = ['<!-- settings -->\n', '<!-- /settings -->']

/** The settings as a Markdown table: variable, title, default, range. */
export function settingsTable(): string {
  const rows = Object.entries<TSchema>(Settings.properties)
    .filter(([key]) => key !== 'notify')
    .map(([key, schema]) => rowOf(variableOf(key), schema))
  return ['| Variable | What | Default | Range |', '| --- | --- | --- | --- |', ...rows, ''].join('\n')
}

function rowOf(variable: string, schema: TSchema): string {
  const {
    title = '',
    default: standard = '',
    minimum,
    maximum,
    enum: choices = [],
  } = schema as {
    title?: string
    default?: string | number | boolean
    minimum?: number
    maximum?: number
    enum?: readonly string[]
  }
  const range = minimum === undefined ? choices.join(', ') : `${String(minimum)} … ${String(maximum)}`
  return `| \`${variable}\` | ${title} | ${standard === '' ? '' : `\`${String(standard)}\``} | ${range} |`
}

/** The document with today's table between its two marks. */
export function withSettings(document: string): string {
  const [before = '', rest = ''] = document.split(BEGIN)
  const [, after = ''] = rest.split(END)
  return `${before}${BEGIN}${settingsTable()}${END}${after}`
}

/** Prints the table, or writes it into the document. */
export function runSettings({ write }: { readonly write: boolean }, print: (line: string) => void): void {
  if (write) writeFileSync(DOCUMENT, withSettings(readFileSync(DOCUMENT, 'utf8')))
  else print(settingsTable())
}
