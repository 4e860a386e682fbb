import type { LocalizedText } from '../text.ts'
import type { AUTOMATIC_EVENTS } from '../vocabulary.ts'
import { CLOSING } from './closing.ts'
import type { CommandShape } from './command.ts'
import { EXTENSION } from './extension.ts'
import type { ValuesOf } from './field.ts'
import { GATE } from './gate.ts'
import { REMARKS } from './remarks.ts'
import { WORK } from './work.ts'

/**
 * Every command of a ticket, the one way that people change it: its name, words, fields. Plain values only,
 * so that the page may import them.
 */
export const TICKET_COMMANDS = { ...GATE, ...WORK, ...CLOSING, ...EXTENSION, ...REMARKS } as const

type Shapes = typeof TICKET_COMMANDS
export type CommandName = keyof Shapes
export type TicketEventType = CommandName | (typeof AUTOMATIC_EVENTS)[number]

/** In the order in which a ticket meets them. */
export const COMMANDS = Object.keys(TICKET_COMMANDS) as readonly CommandName[] as readonly [
  CommandName,
  ...CommandName[],
]

/** Whose word an event is; the system's own where it is no command. */
export function saidBy(type: TicketEventType): CommandShape['by'] | 'system' {
  return COMMANDS.some((name) => name === type) ? TICKET_COMMANDS[type as CommandName].by : 'system'
}

/** Fields of each command beside `command`, `version` and `occurredAt`, as they are sent. */
export type CommandFields = { [Name in CommandName]: ValuesOf<Shapes[Name]['fields']> }

/** What the event of each command says beside these fields. */
export type CommandSays = {
  [Name in CommandName]: Shapes[Name] extends CommandShape<Shapes[Name]['fields'], infer Says> ? Says : never
}

/** One of the words of every command in one language. */
export function commandWords(
  of: 'title' | 'event' | 'step',
  language: keyof LocalizedText,
): Readonly<Record<CommandName, string>> {
  const shapes: Readonly<Record<CommandName, CommandShape>> = TICKET_COMMANDS
  const words = COMMANDS.map((name) => [name, (shapes[name][of] ?? shapes[name].title)[language]])
  return Object.fromEntries(words) as Record<CommandName, string>
}
