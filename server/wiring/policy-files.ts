import { readFileSync } from 'node:fs'
import type { Config } from '../config.ts'
import { checkCalendar } from '../domain/policy/check-calendar.ts'
import { doubtsOf } from '../domain/policy/compare-limits.ts'
import { checkPolicy } from '../domain/policy/check-policy.ts'
import { CHINA_DAYS } from '../domain/policy/china-days.ts'
import type { Mistake } from '../domain/policy/shape-mistakes.ts'
import { WUDA } from '../domain/policy/wuda.ts'
import type { Rules } from '../domain/ticket/clock.ts'
import type { Log } from '../flows/ports.ts'

/** A policy pack or calendar that cannot be used: the server does not start with it. */
export class BadRules extends Error {
  override readonly name = 'BadRules'
  readonly mistakes: readonly string[]
  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'))
    this.mistakes = mistakes
  }
}

/** The policy and the calendar in force; throws `BadRules` with every mistake of both. */
export function readRules(
  { policyFile, calendarFile }: Pick<Config, 'policyFile' | 'calendarFile'>,
  log: Pick<Log, 'warn'>,
): Rules {
  const mistakes: string[] = []
  const policy = policyFile === '' ? undefined : readFile(policyFile, checkPolicy, mistakes)
  const days =
    calendarFile === '' ? { calendar: CHINA_DAYS } : readFile(calendarFile, checkCalendar, mistakes)
  if (mistakes.length > 0 || days === undefined) throw new BadRules(mistakes)
  if (policy !== undefined && policy.renamed.size > 0) log.warn({ policyFile }, formerNames(policy.renamed))
  for (const { path, message } of policy === undefined ? [] : doubtsOf(policy.pack)) {
    log.warn({ policyFile, path }, `is this part of the policy pack meant? ${message}`)
  }
  return { policy: policy?.pack ?? WUDA, calendar: days.calendar }
}

/** Which names of clocks and rules have changed, each with its new one. */
export function formerNames(renamed: ReadonlyMap<string, string>): string {
  const names = [...renamed].map(([former, name]) => `${former} is now ${name}`)
  return `names of the policy pack have changed (${names.join(', ')}); the former ones are taken until 2.0, \`npm run policy -- --convert FILE\` prints the file with the new ones`
}

/** What a file says, or undefined with its mistakes noted. */
function readFile<Read extends object>(
  path: string,
  check: (input: unknown) => Read | { readonly mistakes: readonly Mistake[] },
  mistakes: string[],
): Exclude<Read, { readonly mistakes: readonly Mistake[] }> | undefined {
  const input = readJson(path, mistakes)
  if (input === undefined) return undefined
  const read = check(input)
  if (!('mistakes' in read)) return read as Exclude<Read, { readonly mistakes: readonly Mistake[] }>
  mistakes.push(...read.mistakes.map((one) => `${path}: ${one.path}: ${one.message}`))
  return undefined
}

function readJson(path: string, mistakes: string[]): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    mistakes.push(`${path}: ${(error as Error).message}`)
    return undefined
  }
}
