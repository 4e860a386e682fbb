export type Sheet =
  | { readonly kind: 'voucher'; readonly ticketId: string }
  | { readonly kind: 'labels'; readonly ids: readonly string[] }

/** What this window is to print, by its address: `?voucher=<ticket>` or `?label=<asset>,<asset>`. */
export function sheetOf(search: string): Sheet | undefined {
  const query = new URLSearchParams(search)
  const ticketId = query.get('voucher')
  if (ticketId !== null && ticketId !== '') return { kind: 'voucher', ticketId }
  const ids = (query.get('label') ?? '').split(',').filter((id) => id !== '')
  return ids.length === 0 ? undefined : { kind: 'labels', ids }
}
