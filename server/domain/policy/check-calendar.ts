import { Check } from 'typebox/value'
import { WorkCalendar } from './calendar.ts'
import { shapeMistakes, type Mistake } from './shape-mistakes.ts'

/**
 * Reads a calendar of working days: every mistake at once, also days that do not exist, that stand under
 * another year, or that are said to be both worked and off.
 */
export function checkCalendar(
  input: unknown,
): { readonly calendar: WorkCalendar } | { readonly mistakes: readonly Mistake[] } {
  const shape = shapeMistakes(WorkCalendar, input)
  if (!Check(WorkCalendar, input) || shape.length > 0) return { mistakes: shape }
  const mistakes = [...dayMistakes(input)]
  return mistakes.length === 0 ? { calendar: input } : { mistakes }
}

function* dayMistakes(calendar: WorkCalendar): Generator<Mistake> {
  for (const [year, { holidays, workdays }] of Object.entries(calendar)) {
    for (const [name, days] of Object.entries({ holidays, workdays })) {
      const path = `${year}.${name}`
      for (const day of days) {
        if (!day.startsWith(year)) yield { path, message: `${day} is not of ${year}` }
        else if (!isDay(day)) yield { path, message: `there is no ${day}` }
      }
    }
    const both = holidays.filter((day) => workdays.includes(day))
    for (const day of both) yield { path: year, message: `${day} is both a holiday and a working day` }
  }
}

/** 30 February has the form of a date and is none. */
function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}
