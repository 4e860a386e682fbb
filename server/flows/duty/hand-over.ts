import { refuse, type Refusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import { refuseUnless } from '../../domain/access/can.ts'
import {
  openHandover,
  refuseSignature,
  type HandoverRecord,
  type HandoverSide,
  type OpenItem,
} from '../../domain/duty/handover.ts'
import { onDuty } from '../../domain/duty/on-duty.ts'
import { HOUR, type Instant } from '../../domain/instant.ts'
import { authorOf, type RosterServices } from './change-roster.ts'
import { decideTogether } from '../decisions/decide-together.ts'
import type { OnceKey } from '../decisions/decisions.ts'

/** What is open in a department at an instant. */
export type OpenItems = (departmentId: string, at: Instant) => Promise<readonly OpenItem[]>

/** Opens 交接班: lists what is open, and takes over what earlier handovers left unsigned. */
export async function beginHandover(
  { services, openItems }: RosterServices & { readonly openItems: OpenItems },
  asked: { readonly departmentId: string; readonly note?: string; readonly actor: Person },
  once?: OnceKey,
): Promise<HandoverRecord | Refusal> {
  const { departmentId, note, actor } = asked
  const noRight = refuseUnless(actor, 'hand_over', { departmentId, crewIds: [] })
  if (noRight !== undefined) return noRight
  const at = services.clock.now()
  const open = await openItems(departmentId, at)
  return decideTogether(
    services,
    async ({ repositories }) => {
      const unsigned = await repositories.duty.handovers.unsigned(departmentId)
      const stamp = { id: services.newId(), departmentId, openedAt: at, by: authorOf(actor) }
      const handover = openHandover({ ...stamp, ...(note === undefined ? {} : { note }) }, open, unsigned)
      await repositories.duty.handovers.add(handover)
      return { handover, signatures: [] }
    },
    once,
  )
}

/** One side signs. Who was not on duty by the roster may sign, and it is shown. */
export async function signHandover(
  { services, roster }: RosterServices,
  asked: { readonly id: string; readonly side: HandoverSide; readonly note?: string; readonly actor: Person },
  once?: OnceKey,
): Promise<HandoverRecord | Refusal> {
  const { id, side, note, actor } = asked
  return decideTogether(
    services,
    async ({ repositories }) => {
      const record = await repositories.duty.handovers.load(id)
      if (record === undefined)
        return refuse('not-found', { zh: '没有这次交接班', en: 'there is no such handover' })
      const { departmentId } = record.handover
      const noRight = refuseUnless(actor, 'hand_over', { departmentId, crewIds: [] })
      if (noRight !== undefined) return noRight
      const wrong = refuseSignature(record, side, authorOf(actor))
      if (wrong !== undefined) return wrong
      const at = services.clock.now()
      const isOnRoster = isOnDuty(roster, departmentId, actor.id, { side, at })
      const signature = { side, by: authorOf(actor), at, isOnRoster, ...(note === undefined ? {} : { note }) }
      if (!(await repositories.duty.handovers.sign(id, signature)))
        return refuse('wrong-state', { zh: '已签字', en: 'signed already' })
      return { ...record, signatures: [...record.signatures, signature] }
    },
    once,
  )
}

/** The outgoing shift signs a little after its end, the incoming one a little before its start. */
const AROUND = HOUR

function isOnDuty(
  roster: RosterServices['roster'],
  departmentId: string,
  personId: string,
  { side, at }: { readonly side: HandoverSide; readonly at: Instant },
): boolean {
  const near = side === 'outgoing' ? at - AROUND : at + AROUND
  return [at, near].some((when) =>
    onDuty(roster.book(), { departmentId }, when).some(({ member }) => member.id === personId),
  )
}
