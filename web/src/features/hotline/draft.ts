import { ownContact, type CallRequest } from '#contract/hotline.ts'
import type { CallSource, ContactKind, TicketKind } from '#contract/vocabulary.ts'
import type { Position } from '#contract/identity.ts'
import { isoText, parseLocal } from '../../base/i18n/time.ts'
import type { PolicyView } from '../../model/policy-pack.ts'

/** What stands in the form, word for word; it outlives the form, a lost session and a reload. */
export interface Draft {
  readonly kind: TicketKind | ''
  readonly contact: ContactKind
  readonly source: CallSource
  readonly address: string
  readonly assetId: string
  readonly assetName: string
  readonly position: Position | null
  readonly callerPhone: string
  readonly callerName: string
  readonly began: string
  readonly beganUnknown: boolean
  readonly scene: string
  readonly sceneUnknown: boolean
  readonly description: string
  readonly hot: boolean
  readonly externalNumber: string
  /** An incident, `new`, or empty: the server decides by its rule. */
  readonly join: string
  readonly receivedAt: number
  /** One call is saved once, however often the button is pressed or the network fails. */
  readonly idempotencyKey: string
}

export type DraftField = 'kind' | 'address' | 'callerPhone' | 'beganAt' | 'scene' | 'description'

export function emptyDraft(receivedAt: number, idempotencyKey: string): Draft {
  return {
    kind: '',
    contact: 'help',
    source: 'phone',
    address: '',
    assetId: '',
    assetName: '',
    position: null,
    callerPhone: '',
    callerName: '',
    began: '',
    beganUnknown: false,
    scene: '',
    sceneUnknown: false,
    description: '',
    hot: false,
    externalNumber: '',
    join: '',
    receivedAt,
    idempotencyKey,
  }
}

/** Something has been typed that must not be lost. */
export function isTouched(draft: Draft): boolean {
  return [
    draft.kind,
    draft.address,
    draft.callerPhone,
    draft.callerName,
    draft.began,
    draft.scene,
    draft.description,
  ].some((text) => text !== '')
}

/** What the policy asks of every caller about such a matter; of any until the kind and the policy are known. */
export function askedOf(
  kind: Draft['kind'],
  policy: Pick<PolicyView, 'kinds'> | undefined,
): readonly Asked[] {
  return kind === '' ? ['address', 'callerPhone'] : (policy?.kinds[kind].intake ?? ['address', 'callerPhone'])
}
type Asked = PolicyView['kinds'][TicketKind]['intake'][number]

/** What is asked and not filled in; why a thing is unknown fills it in too. */
export function missingInDraft(draft: Draft, asked: readonly Asked[]): readonly DraftField[] {
  const empty = asked.filter((field) => draft[field].trim() === '')
  return [
    ...(draft.kind === '' ? ['kind' as const] : []),
    ...empty.map((field) => (field === 'began' ? 'beganAt' : field)),
    ...(draft.hot && draft.description.trim() === '' ? ['description' as const] : []),
  ]
}

/** True where the time is meant as one and cannot be read. */
export function isBadTime(draft: Draft, now: number): boolean {
  return !draft.beganUnknown && draft.began.trim() !== '' && parseLocal(draft.began, now) === undefined
}

/** The body of `POST /calls`; undefined without a kind. */
export function callRequest(draft: Draft, now: number): CallRequest | undefined {
  if (draft.kind === '') return undefined
  const text = (value: string): string | undefined => (value.trim() === '' ? undefined : value.trim())
  const began = parseLocal(draft.began, now)
  const all: Record<string, unknown> = {
    kind: draft.kind,
    contact: ownContact(draft.kind) ?? draft.contact,
    source: draft.source,
    receivedAt: isoText(draft.receivedAt),
    address: text(draft.address),
    position: draft.position ?? undefined,
    assetId: text(draft.assetId),
    callerName: text(draft.callerName),
    callerPhone: text(draft.callerPhone),
    beganAt: draft.beganUnknown || began === undefined ? undefined : isoText(began),
    beganUnknown: draft.beganUnknown ? text(draft.began) : undefined,
    scene: draft.sceneUnknown ? undefined : text(draft.scene),
    sceneUnknown: draft.sceneUnknown ? text(draft.scene) : undefined,
    hot: draft.hot ? true : undefined,
    description: text(draft.description),
    externalNumber: text(draft.externalNumber),
    join: text(draft.join),
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as CallRequest
}
