import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import { TICKET_COMMANDS, type CommandName } from '#contract/commands/commands.ts'
import { instantText, type Instant } from '../../instant.ts'
import { withFlag } from '../change.ts'
import type { Command, Filled, Form, Situation } from '../command.ts'
import type { TicketEvent } from '../event.ts'
import { readFields } from '../fields.ts'
import { shortText } from '../form.ts'
import { OPEN } from '../state-groups.ts'
import { openedAt } from '../times.ts'

/** A correction is a new line that points at the old one, which stays as it was written. */
export const correct: Command<'correct'> = {
  roles: ['dispatcher'],
  states: [...OPEN, 'archived'],
  form,
  decide(filled) {
    const { fields, body, events, actor, rules, occurredAt } = filled
    const clause = rules.policy.clauses.correct
    const line = events.find((event) => event.id === fields.eventId)
    if (line === undefined || !isCorrectable(line, filled)) {
      return refuse(
        'bad-value',
        { zh: '没有可更正的记录', en: 'there is nothing that could be corrected' },
        { clause },
      )
    }
    const isMoved = body['occurredAt'] !== undefined
    const misplaced = isMoved ? refuseMove(filled, line) : undefined
    if (misplaced !== undefined) return misplaced
    if (!isTheirs(line, actor))
      return refuse('not-your-right', {
        zh: '只能更正自己的记录',
        en: 'people correct their own entries only',
      })
    const read = readFields(line.type, { ...asSent(line), ...body }, rules.policy.clauses[line.type])
    if (isRefusal(read)) return read
    const changed = Object.entries(read).filter(([key]) => Object.hasOwn(body, key) && key !== 'reason')
    if (changed.length === 0 && !isMoved)
      return refuse('bad-value', { zh: '没有更正任何内容', en: 'nothing has been corrected' }, { clause })
    return { ...fields, fields: Object.fromEntries(changed), ...(isMoved ? { correctedAt: occurredAt } : {}) }
  },
  apply: (ticket) => ({ ...ticket, flags: withFlag(ticket, 'corrected') }),
}

type Correctable = Extract<TicketEvent, { type: CommandName }>

/** Reports of the unit may be corrected; what the system wrote and what was decided may not. */
function isCorrectable(line: TicketEvent, { commands }: Situation): line is Correctable {
  return isCommand(line) && commands[line.type].correctable === true
}

function isCommand(line: TicketEvent): line is Correctable {
  return Object.hasOwn(TICKET_COMMANDS, line.type)
}

function isTheirs(line: TicketEvent, actor: Situation['actor']): boolean {
  return line.actor.id === actor.id || actor.roles.includes('dispatcher')
}

/** Each of the lines that this person may correct; those that may be moved between the same instants together. */
function form(of: Situation): Form {
  const lines = of.events.filter((line) => isCorrectable(line, of)).filter((line) => isTheirs(line, of.actor))
  const windows = Map.groupBy(lines, (line) => JSON.stringify(windowOf(of, line)))
  return {
    eventId: {
      choices: lines.map((line) => {
        const { zh, en } = TICKET_COMMANDS[line.type].title
        const when = shortText(line.occurredAt)
        return { value: line.id, title: { zh: `${zh} ${when}`, en: `${en} ${when}` } }
      }),
    },
    occurredAt: [...windows.values()].flatMap((together) => {
      const [first] = together
      if (first === undefined) return []
      const is = together.map(({ id }) => id)
      return [{ required: true, when: { field: 'eventId', is }, ...windowOf(of, first) }]
    }),
  }
}

/** A line may be moved, but not before the dispatch that it answers, nor a reply behind its review. */
function windowOf({ ticket, events }: Situation, line: TicketEvent): { min: Instant; max?: Instant } {
  const index = events.indexOf(line)
  const sent = events.findLast((each, at) => at < index && isDispatch(each))?.occurredAt
  const min = Math.max(sent ?? -Infinity, openedAt(ticket))
  if (line.type !== 'submit' && line.type !== 'unfounded') return { min }
  const reviewed = events.find((each, at) => at > index && each.type === 'review')?.occurredAt
  return { min, ...(reviewed === undefined ? {} : { max: reviewed }) }
}

function refuseMove(filled: Filled<'correct'>, line: TicketEvent): Refusal | undefined {
  const { min, max = Infinity } = windowOf(filled, line)
  const { occurredAt } = filled
  if (occurredAt < min)
    return refuse('bad-time', {
      zh: `发生时间早于派单 ${instantText(min)}`,
      en: `the time lies before the dispatch at ${instantText(min)}`,
    })
  return occurredAt > max
    ? refuse('bad-time', {
        zh: `发生时间晚于审核 ${instantText(max)}`,
        en: `the time lies after the review at ${instantText(max)}`,
      })
    : undefined
}

function isDispatch(event: TicketEvent): boolean {
  return event.type === 'auto_dispatched' || (event.type === 'dispatch' && event.data.answered !== false)
}

/** What the line said, with its instants as they are sent. */
function asSent({ data }: TicketEvent): object {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]: [string, unknown]) => [
      key,
      key.endsWith('At') && typeof value === 'number' ? instantText(value) : value,
    ]),
  )
}
