import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Figure, Part } from '../figure.ts'

/** A year of tickets in the store of decisions: board, command, sweep, figures. */
export const tickets: Part = async ({ quick, say }) => {
  const many = quick ? 12_000 : 100_000
  const script = new URL('../tickets.ts', import.meta.url).pathname
  const { stdout } = await promisify(execFile)(process.execPath, [script, String(many)])
  say(`${String(many)} tickets`)
  return JSON.parse(stdout) as readonly Figure[]
}
