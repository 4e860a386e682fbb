import { refuse } from '#contract/problem.ts'
import { inHandling, onward } from '../change.ts'
import { isVisited } from '../clock.ts'
import type { Command } from '../command.ts'
import { ONLY_YES } from '../form.ts'
import { ON_SITE } from '../state-groups.ts'
import { handlingOf } from '../ticket.ts'

/** Safety measures on site (第八条3(1), 3(4)); “none needed” with a reason stands only where the kind allows it. */
export const safety: Command<'safety'> = {
  states: ON_SITE,
  step: isVisited,
  form({ ticket, rules: { policy } }) {
    const { barrierAndCordon, noMeasuresAllowed } = policy.kinds[ticket.kind]
    const fences = { required: 'later', clause: policy.clauses.fences } as const
    return {
      barrier: barrierAndCordon && { ...fences, choices: ONLY_YES },
      cordon: barrierAndCordon && { ...fences, choices: ONLY_YES },
      reportedToServiceAt: barrierAndCordon && fences,
      measures: {
        required: true,
        unless: ['noneReason', 'barrier', 'cordon'],
        clause: policy.clauses.on_site,
      },
      noneReason: noMeasuresAllowed && {},
    }
  },
  decide({ ticket, fields, rules: { policy } }) {
    const { measures, noneReason, barrier, cordon } = fields
    const kind = policy.kinds[ticket.kind]
    const isTaken = measures.length > 0 || barrier === true || cordon === true
    if (isTaken || noneReason === undefined || kind.noMeasuresAllowed) return fields
    return refuse(
      'guard-refused',
      { zh: `${kind.name.zh}必须采取安全措施`, en: `${kind.name.en}: safety measures are mandatory` },
      {
        clause: kind.barrierAndCordon ? policy.clauses.fences : policy.clauses.on_site,
        missing: ['measures'],
      },
    )
  },
  apply(ticket, { occurredAt, data }) {
    const { measures, noneReason, barrier, cordon, reportedToServiceAt } = data
    const handling = handlingOf(ticket)
    const change = {
      safetyAt: handling.safetyAt ?? occurredAt,
      measures: [...new Set([...handling.measures, ...measures])],
      barrier: handling.barrier || barrier === true,
      cordon: handling.cordon || cordon === true,
      ...(noneReason === undefined ? {} : { noneReason }),
      ...(reportedToServiceAt === undefined ? {} : { reportedToServiceAt }),
    }
    return onward(inHandling(ticket, change), 'safety_set')
  },
  dated: true,
  correctable: true,
  carries: () => true,
}
