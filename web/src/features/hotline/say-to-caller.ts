import type { TicketKind } from '#contract/vocabulary.ts'
import type { DueRow } from '../../model/due-list.ts'
import type { PolicyView } from '../../model/policy-pack.ts'
import { placeName, type Names } from '../../model/place-name.ts'
import type { Language } from '../../base/i18n/dictionary.ts'
import { minuteText } from '../../base/i18n/time.ts'
import type { Dictionary } from '../../base/i18n/texts.ts'

export interface Speaking {
  readonly text: Pick<Dictionary, 'hotline' | 'words'>
  readonly names: Names
  readonly language: Language
  readonly policy: Pick<PolicyView, 'kinds'> | undefined
}

/** What every caller about one event is told: the same facts from the same ticket, and how to stay safe. */
export function sayToCaller(
  kind: TicketKind | '',
  row: DueRow | undefined,
  { text, names, language, policy }: Speaking,
): string {
  const say = text.hotline
  const sentences: string[] = []
  if (row === undefined) sentences.push(say.sayNew)
  else {
    const { ticket, incident } = row
    const since = minuteText(Date.parse(incident?.eventAt ?? ticket.openedAt))
    sentences.push(say.sayFound(placeName(ticket, incident, names), text.words.kinds[ticket.kind], since))
    if (ticket.department !== undefined) {
      sentences.push(say.sayDepartment(ticket.department.name, text.words.states[ticket.state]))
    }
  }
  const about = row?.ticket.kind ?? kind
  if (about === 'cover') sentences.push(say.sayCover)
  else if (about !== '' && policy?.kinds[about].emergency === true) sentences.push(say.sayLeak)
  return sentences.join(language === 'zh' ? '' : ' ')
}
