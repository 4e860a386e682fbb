import Type from 'typebox'
import { COMMANDS, type CommandName } from '#contract/commands/commands.ts'

export const Clause = Type.String({
  minLength: 1,
  maxLength: 40,
  description: 'as printed; the two 第四条 are 第四条A and 第四条B',
})

/** Duties that no command names alone; a refusal cites their clauses. */
export const DUTIES = [
  'routing',
  'intake',
  'detail',
  'on_site',
  'fences',
  'facility',
  'phone_order',
  'notice',
  'roster',
  'duty_hours',
  'written_reply',
] as const
export type ClauseKey = (typeof DUTIES)[number] | CommandName
export type Clauses = Readonly<Record<ClauseKey, string>>

/** Those of a pack, which need not know every command: one without a clause of its own cites `detail`. */
export function allClauses(own: Partial<Clauses> & Pick<Clauses, 'detail'>): Clauses {
  const unknown = COMMANDS.filter((command) => own[command] === undefined)
  // The duties are there: the schema asks for each of them.
  return { ...Object.fromEntries(unknown.map((command) => [command, own.detail])), ...own } as Clauses
}

export const Clauses = Type.Unsafe<Clauses>(
  Type.Object(
    {
      ...Object.fromEntries(DUTIES.map((duty) => [duty, Clause])),
      ...Object.fromEntries(COMMANDS.map((command) => [command, Type.Optional(Clause)])),
    },
    { additionalProperties: false },
  ),
)
