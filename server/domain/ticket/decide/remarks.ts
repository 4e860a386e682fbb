import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import { COMMANDS, type CommandName } from '#contract/vocabulary.ts'
import { instantText } from '../../instant.ts'
import type { TicketEvent } from '../event.ts'
import type { Case, Decide } from './case.ts'
import { readFields } from './fields.ts'
import { BY_UNIT } from './times.ts'

export const remind: Decide<'remind'> = (c) => ({ note: c.fields.note })
export const note: Decide<'note'> = (c) => ({ text: c.fields.text })

/** A dispatcher may raise, and lower with a reason; both are written down (A2). */
export const raiseLevel: Decide<'raise_level'> = (c) => {
  const { level, reason } = c.fields
  if (level === c.ticket.level)
    return refuse(
      'bad-value',
      { zh: '已经是这个级别', en: 'it has this level already' },
      { clause: c.rules.policy.clauses.raise_level },
    )
  return { level, from: c.ticket.level, reason }
}

/** A correction is a new line that points at the old one, which stays as it was written (G5). */
export const correct: Decide<'correct'> = (c) => {
  const { eventId, reason } = c.fields
  const clause = c.rules.policy.clauses.correct
  const line = c.events.find((event) => event.id === eventId)
  if (line === undefined || !isCorrectable(line.type)) {
    return refuse(
      'bad-value',
      { zh: '没有可更正的记录', en: 'there is nothing that could be corrected' },
      { clause },
    )
  }
  const misplaced = refuseMove(c, line)
  if (misplaced !== undefined) return misplaced
  const own = line.actor.id === c.actor.id
  if (!own && !c.actor.roles.includes('dispatcher')) {
    return refuse('not-your-right', { zh: '只能更正自己的记录', en: 'people correct their own entries only' })
  }
  const said = Object.fromEntries(
    Object.entries(line.data).map(([key, value]) => [
      key,
      key.endsWith('At') && typeof value === 'number' ? instantText(value) : value,
    ]),
  )
  const fields = readFields(line.type, { ...said, ...c.body }, c.rules.policy.clauses[line.type])
  if (isRefusal(fields)) return fields
  const changed = Object.fromEntries(
    Object.entries(fields).filter(([key]) => Object.hasOwn(c.body, key) && key !== 'reason'),
  )
  const correctedAt = c.body['occurredAt'] === undefined ? {} : { correctedAt: c.occurredAt }
  if (Object.keys(changed).length === 0 && c.body['occurredAt'] === undefined) {
    return refuse('bad-value', { zh: '没有更正任何内容', en: 'nothing has been corrected' }, { clause })
  }
  return { eventId, reason, fields: changed, ...correctedAt }
}

/** A line may be moved in time, but not before the dispatch that it answers, nor a reply behind its review. */
function refuseMove(c: Case<'correct'>, line: TicketEvent): Refusal | undefined {
  if (c.body['occurredAt'] === undefined) return undefined
  const index = c.events.indexOf(line)
  const from = c.events.findLast((each, at) => at < index && isDispatch(each))?.occurredAt ?? -Infinity
  if (c.occurredAt < from)
    return refuse('bad-time', {
      zh: `发生时间早于派单 ${instantText(from)}`,
      en: `the time lies before the dispatch at ${instantText(from)}`,
    })
  if (line.type !== 'submit' && line.type !== 'unfounded') return undefined
  const until = c.events.find((each, at) => at > index && each.type === 'review')?.occurredAt ?? Infinity
  return c.occurredAt > until
    ? refuse('bad-time', {
        zh: `发生时间晚于审核 ${instantText(until)}`,
        en: `the time lies after the review at ${instantText(until)}`,
      })
    : undefined
}

function isDispatch(event: TicketEvent): boolean {
  return event.type === 'auto_dispatched' || (event.type === 'dispatch' && event.data.answered !== false)
}

const DECIDED: readonly CommandName[] = ['reject', 'request_extension', 'state_hindrance']

/** Reports of the unit may be corrected; what the system wrote and what was decided may not. */
function isCorrectable(type: string): type is CommandName {
  const name = COMMANDS.find((each) => each === type)
  return name !== undefined && BY_UNIT.has(name) && !DECIDED.includes(name)
}
