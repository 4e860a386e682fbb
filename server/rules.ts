import { readFileSync } from 'node:fs'
import Value from 'typebox/value'
import type { Config } from './config.ts'
import { WorkCalendar } from './domain/policy/calendar.ts'
import { checkPolicy } from './domain/policy/check-policy.ts'
import { CHINA_DAYS } from './domain/policy/china-days.ts'
import { WUDA } from './domain/policy/wuda.ts'
import type { Rules } from './domain/ticket/clock.ts'

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
export function readRules({ policyFile, calendarFile }: Pick<Config, 'policyFile' | 'calendarFile'>): Rules {
  const mistakes: string[] = []
  const policy = policyFile === '' ? { pack: WUDA } : checkPolicy(readJson(policyFile, mistakes))
  if ('mistakes' in policy && mistakes.length === 0) {
    mistakes.push(...policy.mistakes.map(({ path, message }) => `${policyFile}: ${path}: ${message}`))
  }
  const calendar = calendarFile === '' ? CHINA_DAYS : readJson(calendarFile, mistakes)
  const isCalendar = Value.Check(WorkCalendar, calendar)
  if (!isCalendar && calendar !== undefined)
    mistakes.push(`${calendarFile}: is not a calendar of working days`)
  if ('mistakes' in policy || !isCalendar || mistakes.length > 0) throw new BadRules(mistakes)
  return { policy: policy.pack, calendar }
}

function readJson(path: string, mistakes: string[]): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    mistakes.push(`${path}: ${(error as Error).message}`)
    return undefined
  }
}
