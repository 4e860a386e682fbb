import type { CallView } from '#contract/hotline.ts'
import type { Position } from '#contract/identity.ts'
import type { CallSource, ContactKind, TicketKind } from '#contract/vocabulary.ts'
import { instantText, type Instant } from '../instant.ts'

/** A resident's report as taken down. The first responder stays listed until archive. */
export interface Call {
  readonly id: string
  readonly kind: TicketKind
  readonly contact: ContactKind
  readonly source: CallSource
  readonly receivedAt: Instant
  readonly enteredAt: Instant
  readonly address: string
  readonly position?: Position
  readonly assetId?: string
  readonly callerName?: string
  readonly callerPhone: string
  readonly beganAt?: Instant
  readonly beganUnknown?: string
  readonly scene?: string
  readonly sceneUnknown?: string
  readonly hot: boolean
  /** Rehearsed (A45). */
  readonly exercise?: boolean
  readonly description?: string
  readonly externalNumber?: string
  readonly firstResponder: { readonly id: string; readonly name: string }
  readonly ticketId: string
  readonly incidentId?: string
}

/** A call as shown, with the whole number; `mask.ts` hides it from those who may not see it. */
export function callView(call: Call): CallView {
  const { receivedAt, enteredAt, beganAt, position, firstResponder, ...same } = call
  return {
    ...same,
    receivedAt: instantText(receivedAt),
    enteredAt: instantText(enteredAt),
    firstResponder: { ...firstResponder },
    ...(beganAt === undefined ? {} : { beganAt: instantText(beganAt) }),
    ...(position === undefined ? {} : { position: [position[0], position[1]] }),
  }
}
