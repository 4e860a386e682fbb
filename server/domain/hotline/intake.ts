import { ownContact, type CallRequest } from '#contract/hotline.ts'
import { isBlank } from '#contract/names.ts'
import { refuse, type Refusal } from '#contract/problem.ts'
import type { ContactKind } from '#contract/vocabulary.ts'
import { instantText, MINUTE, parseInstant, type Instant } from '../instant.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'
import { normalPhone } from '../phone.ts'
import type { Call } from './call.ts'

const MIN_PHONE = 5

/** What a caller has said, checked; ids and the first responder are added by the flow. */
export type Intake = Omit<Call, 'id' | 'firstResponder' | 'ticketId' | 'incidentId'>

/**
 * Reads what the desk has entered. Address and telephone are mandatory; for emergencies and repairs also
 * when it began and what is to be seen, or why that is unknown; a hot matter needs words.
 */
export function readIntake(sent: CallRequest, policy: PolicyPack, at: Instant): Intake | Refusal {
  const request = withoutBlanks(sent)
  const { intake: clause, detail } = policy.clauses
  const asked = policy.kinds[request.kind].intake
  const filled = (text: string | undefined): boolean => text !== undefined && !isBlank(text)
  const missing = [
    ...(asked.includes('address') && !filled(request.address) ? ['address'] : []),
    ...(asked.includes('callerPhone') && !filled(request.callerPhone) ? ['callerPhone'] : []),
    ...(asked.includes('began') && request.beganAt === undefined && !filled(request.beganUnknown)
      ? ['beganAt']
      : []),
    ...(asked.includes('scene') && !filled(request.scene) && !filled(request.sceneUnknown) ? ['scene'] : []),
  ]
  if (missing.length > 0) {
    return refuse(
      'missing-field',
      {
        zh: `按${clause}须问明: ${missing.join(', ')}`,
        en: `the policy wants to know: ${missing.join(', ')}`,
      },
      { clause, missing },
    )
  }
  if (request.hot === true && !filled(request.description)) {
    const more = { clause: detail, missing: ['description'] }
    return refuse(
      'missing-field',
      { zh: '热点、难点问题须详细填写', en: 'hot or difficult matters are described in detail' },
      more,
    )
  }
  const contact = contactOf(request)
  if (contact === undefined)
    return refuse(
      'bad-value',
      { zh: `contact 与 ${request.kind} 不符`, en: `contact does not go with ${request.kind}` },
      { clause: detail },
    )
  const callerPhone = request.callerPhone?.trim() ?? ''
  if (callerPhone !== '' && normalPhone(callerPhone).length < MIN_PHONE) {
    return refuse(
      'bad-value',
      { zh: '联系电话不是电话号码', en: 'the caller’s number is no telephone number' },
      { clause },
    )
  }
  const times = readTimes(request, policy, at)
  if ('kind' in times) return times
  return {
    ...saidOf(request),
    ...times,
    enteredAt: at,
    contact,
    source: request.source ?? 'phone',
    address: request.address?.trim() ?? '',
    callerPhone,
    hot: request.hot ?? false,
  }
}

/** A form sends its empty fields as empty text; that is nothing said. */
function withoutBlanks(sent: CallRequest): CallRequest {
  const said = Object.entries(sent).filter(([, value]) => typeof value !== 'string' || !isBlank(value))
  return { ...Object.fromEntries(said), kind: sent.kind }
}

function saidOf({ receivedAt: _receivedAt, beganAt: _beganAt, join: _join, ...said }: CallRequest) {
  return said
}

function readTimes(
  request: CallRequest,
  policy: PolicyPack,
  at: Instant,
): { readonly receivedAt: Instant; readonly beganAt?: Instant } | Refusal {
  const receivedAt = request.receivedAt === undefined ? at : parseInstant(request.receivedAt)
  if (receivedAt === undefined)
    return refuse('bad-time', { zh: '来电时间须带时区', en: 'receivedAt must be a time with its offset' })
  if (receivedAt > at)
    return refuse('bad-time', {
      zh: `来电时间在将来: ${instantText(receivedAt)}`,
      en: `the time of receipt lies in the future: ${instantText(receivedAt)}`,
    })
  const earliest = at - policy.settings.receivedReachesBackMinutes * MINUTE
  if (receivedAt < earliest)
    return refuse('bad-time', {
      zh: `来电时间早于 ${instantText(earliest)}`,
      en: `the time of receipt lies before ${instantText(earliest)}`,
    })
  if (request.beganAt === undefined) return { receivedAt }
  const beganAt = parseInstant(request.beganAt)
  if (beganAt === undefined)
    return refuse('bad-time', { zh: '开始时间须带时区', en: 'beganAt must be a time with its offset' })
  return beganAt > at
    ? refuse('bad-time', { zh: '开始时间在将来', en: 'the time when it began lies in the future' })
    : { receivedAt, beganAt }
}

/** What the contact is, apart from what is broken. */
function contactOf({ kind, contact }: CallRequest): ContactKind | undefined {
  const own = ownContact(kind)
  if (own === undefined) return contact ?? 'help'
  return contact === undefined || contact === own ? own : undefined
}
