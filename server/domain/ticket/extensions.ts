import { refuse, type Refusal } from '#contract/problem.ts'
import type { Asked, Situation } from './command.ts'
import { shortText } from './form.ts'
import type { Extension, Ticket } from './ticket.ts'

export function findExtension(ticket: Ticket, id: unknown): Extension | undefined {
  return ticket.extensions.find((each) => each.id === id)
}

/** Those that were requested in the handling in progress. */
export function extensionsOfHandling(ticket: Ticket): readonly Extension[] {
  return ticket.extensions.filter((each) => each.handling === ticket.handlings.length - 1)
}

export function isPending(extension: Extension): boolean {
  return extension.answeredAt === undefined || isAgreed(extension)
}

/** Answered with yes, and still to be confirmed. */
export function isAgreed({ approved, effectiveAt }: Extension): boolean {
  return approved === true && effectiveAt === undefined
}

export function inExtension(ticket: Ticket, id: string, change: Partial<Extension>): Ticket {
  const extensions = ticket.extensions.map((each) => (each.id === id ? { ...each, ...change } : each))
  return { ...ticket, extensions }
}

/** Nobody approves the extension that they requested. */
export function notOwnExtension(
  { ticket, actor }: Situation,
  body: Readonly<Record<string, unknown>> = {},
): Refusal | undefined {
  if (findExtension(ticket, body['extensionId'])?.requestedBy !== actor.id) return undefined
  return refuse('not-your-right', {
    zh: '申请人不能批准自己的延时申请',
    en: 'nobody approves the extension that they requested',
  })
}

/** Those of other people that are to be answered or confirmed, the newest to begin with. */
export function extensionChoices({ ticket, actor }: Situation, isDue: (one: Extension) => boolean): Asked {
  const due = ticket.extensions.filter((one) => isDue(one) && one.requestedBy !== actor.id)
  const choices = due.map(({ id, dueAt, reason }) => {
    const said = `${shortText(dueAt)} ${reason}`
    return { value: id, title: { zh: said, en: said } }
  })
  return { choices, start: choices.at(-1)?.value }
}
