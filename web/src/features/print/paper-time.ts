import { isoText } from '../../base/i18n/time.ts'

/** An instant as paper needs it: whole, Asia/Shanghai, to the second. */
export function paperTime(iso: string): string {
  return isoText(Date.parse(iso)).slice(0, 19).replace('T', ' ')
}
