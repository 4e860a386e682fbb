import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { giveUp } from '../main.ts'

export const print = (line: string): void => void process.stdout.write(`${line}\n`)

export function readOrExit(name: string): Buffer {
  try {
    return readFileSync(name)
  } catch (error) {
    return giveUp([`${name}: ${(error as Error).message}`])
  }
}

export function jsonOrExit(name: string): unknown {
  try {
    return JSON.parse(readOrExit(name).toString('utf8'))
  } catch (error) {
    return giveUp([`${name}: ${(error as Error).message}`])
  }
}

export async function askPassword(): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const password = await lines.question('password: ')
  lines.close()
  return password.trim()
}
