import { shortDuration } from '../../base/i18n/time.ts'
import type { Language } from '../../base/i18n/dictionary.ts'
import type { Dictionary } from '../../base/i18n/texts.ts'
import type { DueRow } from '../../model/due-list.ts'
import { placeLines, placeName, type Names } from '../../model/place-name.ts'

export interface PlateContext {
  readonly now: number
  readonly language: Language
  readonly text: Pick<Dictionary, 'words' | 'map' | 'list'>
  readonly names: Names & { address(assetId: string): string | undefined }
  /** Many alarms, or no room beside a drawer or on a small screen: the number alone. */
  readonly brief: boolean
}

/** What is written beside an event's symbol, the longest first; nothing beside what is calm. */
export function plateWords(
  row: DueRow,
  { now, language, text, names, brief }: PlateContext,
): readonly string[] {
  const { ticket, incident, next } = row
  if (row.unacknowledged && ticket.level === 'special') {
    const kind = text.words.shortKinds[ticket.kind]
    const number = placeLines(ticket, incident, names).name ?? kind
    const whole = `${text.words.levels.special} ${kind} ${placeName(ticket, incident, names)}`
    return brief ? [number] : [whole, number]
  }
  if (row.standing) return [text.list.standing]
  if (next === undefined || next.clock.severity !== 'red' || now <= next.dueMs) return []
  const late = shortDuration(now - next.dueMs, language)
  return brief ? [`+${late}`] : [text.map.overdueBy(late), `+${late}`]
}
