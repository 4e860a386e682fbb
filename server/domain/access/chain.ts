import { createHash } from 'node:crypto'

/** The link before the first one. */
export const FIRST_LINK = ''

/**
 * The next link of a hash chain: SHA-256 over the link before and this record, hex. Whoever changes,
 * drops or slips in a record changes every link behind it, up to the one that somebody has noted.
 */
export function nextLink(previous: string, record: readonly (string | number | null)[]): string {
  return createHash('sha256')
    .update(`${previous}\n${JSON.stringify(record)}`)
    .digest('hex')
}
