import { createHash } from 'node:crypto'
import type { CallRequest } from '#contract/hotline.ts'
import type { LocalizedText } from '#contract/text.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import { readExternalLine, type ExternalLine } from '../../domain/hotline/external-call.ts'
import { externalNews } from '../../domain/hotline/external-news.ts'
import { readIntake } from '../../domain/hotline/intake.ts'
import type { EventOf } from '../../domain/ticket/event.ts'
import { appendEvents, written } from '../decisions/append-events.ts'
import { decideTogether } from '../decisions/decide-together.ts'
import { FORGOTTEN, type Services, type ExternalCall, type Transaction } from '../decisions/decisions.ts'
import { takeInto } from './take-call.ts'

export interface NumberedLine {
  /** Where it stands in the file or list, from 1. */
  readonly line: number
  readonly fields: ExternalLine
  /** It could not even be read. */
  readonly broken?: LocalizedText
}

export interface ExternalResult {
  readonly taken: readonly Taken[]
  /** Taken before under the same number; what is new in them was noted on their tickets. */
  readonly known: readonly (Taken & { readonly changed: boolean })[]
  readonly bad: readonly {
    readonly line: number
    readonly number?: string
    readonly reason: string
    readonly missing?: readonly string[]
    /** As it came, to be entered by hand. */
    readonly fields: ExternalLine
  }[]
}

interface Taken {
  readonly line: number
  readonly number: string
  readonly callId: string
  readonly ticketId: string
}

/**
 * Calls of another call centre (A34), each in its own transaction: one bad line stops no other, and a number
 * that came before opens nothing twice.
 */
export async function takeExternalCalls(
  services: Services,
  lines: readonly NumberedLine[],
  actor: Person,
): Promise<ExternalResult> {
  const taken: Taken[] = []
  const known: (Taken & { changed: boolean })[] = []
  const bad: ExternalResult['bad'][number][] = []
  for (const { line, fields, broken } of lines) {
    const request =
      broken === undefined ? readExternalLine(fields, services.rules.policy) : refuse('bad-value', broken)
    const done = isRefusal(request) ? request : await takeOne(services, request, actor)
    if (isRefusal(done)) {
      const number = fields['externalNumber']
      bad.push({
        line,
        reason: done.detail,
        fields,
        ...(typeof number === 'string' && number !== '' ? { number } : {}),
        ...(done.missing === undefined ? {} : { missing: done.missing }),
      })
      continue
    }
    const { changed, ...said } = done
    if (changed === undefined) taken.push({ line, ...said })
    else known.push({ line, ...said, changed })
  }
  return { taken, known, bad }
}

type Done = Omit<Taken, 'line'> & { readonly changed?: boolean }

function takeOne(services: Services, request: CallRequest, actor: Person): Promise<Done | Refusal> {
  const number = request.externalNumber ?? ''
  const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('hex')
  return decideTogether<Done>(services, async (transaction) => {
    const before = await transaction.repositories.calls.external(number)
    if (before !== undefined) {
      // A caller who has been forgotten is not made known again.
      const changed = before.fingerprint !== FORGOTTEN && before.fingerprint !== fingerprint
      const refused = changed
        ? await noteChange(transaction, { ...before, number, fingerprint }, { request, actor })
        : undefined
      return refused ?? { number, callId: before.callId, ticketId: before.ticketId, changed }
    }
    const done = await takeInto(transaction, { request, actor })
    if (isRefusal(done)) return done
    const ids = { callId: done.call.id, ticketId: done.ticket.id }
    await transaction.repositories.calls.saveExternal({ number, fingerprint, ...ids })
    return { number, ...ids }
  })
}

/** The other system has changed its entry: the call has the news, its ticket is told which they are. */
async function noteChange(
  transaction: Transaction,
  known: ExternalCall & { readonly number: string },
  { request, actor }: { readonly request: CallRequest; readonly actor: Person },
): Promise<Refusal | undefined> {
  const { services, repositories, changes } = transaction
  const at = services.clock.now()
  const [call, history] = [
    await repositories.calls.load(known.callId),
    await repositories.tickets.load(known.ticketId),
  ]
  if (call === undefined || history === undefined)
    throw new Error(`call ${known.callId} belongs to no ticket`)
  const now = readIntake(request, services.rules.policy, at)
  if (isRefusal(now)) return now
  const news = externalNews(
    call,
    request.receivedAt === undefined ? { ...now, receivedAt: call.receivedAt } : now,
  )
  await repositories.calls.save(news.call)
  if (call.incidentId !== undefined) changes.incidents.add(call.incidentId)
  const note: EventOf<'note'> = {
    id: services.newId(),
    type: 'note',
    occurredAt: at,
    enteredAt: at,
    actor,
    data: { text: news.text },
  }
  const to = { id: history.ticket.id, before: history.events, added: [note] }
  written(await appendEvents(transaction, to, at))
  await repositories.calls.saveExternal(known)
  return undefined
}
