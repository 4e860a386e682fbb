import type { CallView } from '#contract/hotline.ts'
import type { TicketView } from '#contract/ticket.ts'

const MIN_DIGITS = 7
const MOST = 5

/** Calls of the same number on tickets that are known here, newest first; a number half typed finds none. */
export function earlierCalls(
  tickets: Iterable<TicketView>,
  phone: string,
): readonly { readonly call: CallView; readonly ticket: TicketView }[] {
  const digits = phone.replace(/\D/g, '')
  if (digits.length < MIN_DIGITS) return []
  return [...tickets]
    .flatMap((ticket) => ticket.calls.map((call) => ({ call, ticket })))
    .filter(({ call }) => call.callerPhone.replace(/\D/g, '') === digits)
    .sort((a, b) => Date.parse(b.call.receivedAt) - Date.parse(a.call.receivedAt))
    .slice(0, MOST)
}
