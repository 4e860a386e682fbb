import type { CallRequest, CallView } from '#contract/hotline.ts'
import type { Position } from '#contract/identity.ts'
import type { IncidentView } from '#contract/incident.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { TicketView } from '#contract/ticket.ts'

/** What `POST /calls` answers. */
export interface Taken {
  readonly call: CallView
  readonly ticket: TicketView
  readonly incident?: IncidentView
  readonly joined: boolean
  readonly why: LocalizedText
}

type Asked = Omit<CallRequest, 'position'> & { readonly position?: Position }

/** A resident who saw something on the street. */
export function aCall(more: Partial<Asked> = {}): Asked {
  return {
    kind: 'cover',
    contact: 'help',
    source: 'phone',
    address: '解放路与新华街口',
    callerName: '李女士',
    callerPhone: '13812345678',
    beganUnknown: '路过时发现',
    scene: '井盖移位,洞口半开',
    ...more,
  }
}
