import { isCrewOf } from '#contract/commands/work.ts'
import { refuse } from '#contract/problem.ts'
import { inStint, onward } from '../change.ts'
import { isVisited } from '../clock.ts'
import type { Command } from '../command.ts'
import { AT_WORK } from '../state-groups.ts'
import { handlingOf, stintOf } from '../ticket.ts'

/** Passed on to the crew (第三条3). */
export const assign: Command<'assign'> = {
  states: AT_WORK,
  awaited: ({ ticket, rules }) => ticket.state === 'accepted' && isVisited(ticket, rules.policy),
  decide({ ticket, fields, facts, rules: { policy } }) {
    for (const id of fields.crewIds) {
      const person = facts.people.get(id)
      if (person === undefined || !isCrewOf(person, ticket.department.id)) {
        return refuse(
          'bad-value',
          {
            zh: `${id} 不是${ticket.department.name}的接工人员`,
            en: `${id} is not of the crew of ${ticket.department.name}`,
          },
          { clause: policy.clauses.assign },
        )
      }
    }
    return { crewIds: [...new Set(fields.crewIds)] }
  },
  apply(ticket, { occurredAt, data }) {
    const { assignedAt = occurredAt } = handlingOf(ticket).stints.at(-1) ?? {}
    return { ...onward(inStint(ticket, { assignedAt }), 'assigned'), crewIds: data.crewIds }
  },
  dated: true,
  takes: true,
  correctable: true,
  carries: (into) => stintOf(handlingOf(into))?.assignedAt === undefined,
}
