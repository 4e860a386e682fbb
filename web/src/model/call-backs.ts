import type { CallView } from '#contract/hotline.ts'
import type { TicketView } from '#contract/ticket.ts'

/** How calling back one caller stands, since the ticket was last opened (R-21, A22). */
export interface CallBack {
  readonly call: CallView
  readonly attempts: number
  readonly done: boolean
  readonly satisfied?: boolean
}

/** Every caller of a ticket; whoever is still to be reached comes first. */
export function callBacks({ calls, events }: Pick<TicketView, 'calls' | 'events'>): readonly CallBack[] {
  const since = events.findLastIndex(({ type }) => type === 'reopen')
  const made = events.slice(since + 1).filter(({ type }) => type === 'callback')
  return calls
    .map((call) => {
      const own = made.filter(({ data }) => data['callId'] === call.id)
      const reached = own.findLast(({ data }) => data['reached'] === true)
      const satisfied = reached?.data['satisfied']
      return {
        call,
        attempts: own.length,
        done: reached !== undefined,
        ...(typeof satisfied === 'boolean' ? { satisfied } : {}),
      }
    })
    .sort((a, b) => Number(a.done) - Number(b.done))
}
