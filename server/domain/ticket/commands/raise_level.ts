import { refuse } from '#contract/problem.ts'
import { LEVELS } from '#contract/vocabulary.ts'
import type { Command } from '../command.ts'
import { OPEN } from '../state-groups.ts'

/** A dispatcher may raise, and lower with a reason; both are written down (第七条). */
export const raiseLevel: Command<'raise_level'> = {
  roles: ['dispatcher'],
  states: OPEN,
  form: ({ ticket, rules }) => ({
    level: {
      choices: LEVELS.filter((level) => level !== ticket.level).map((value) => ({
        value,
        title: rules.policy.levels[value].name,
      })),
    },
  }),
  decide({ ticket, fields, rules: { policy } }) {
    if (fields.level !== ticket.level) return { ...fields, from: ticket.level }
    return refuse(
      'bad-value',
      { zh: '已经是这个级别', en: 'it has this level already' },
      { clause: policy.clauses.raise_level },
    )
  },
  apply: (ticket, { data: { level }, enteredAt }) => ({
    ...ticket,
    level,
    levels: [...ticket.levels, { level, at: enteredAt }],
  }),
}
