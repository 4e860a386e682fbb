import Type from 'typebox'
import { Id, InstantText } from './identity.ts'
import { nameOf } from './names.ts'
import { REJECT_REASONS } from './telemetry.ts'

/** `PUT /gateways/{id}`: one credential that speaks for the devices listed under it, and for no other. */
export const GatewayEntry = Type.Object(
  {
    title: nameOf(80),
    profiles: Type.Array(Id, {
      minItems: 1,
      maxItems: 10,
      description: 'tried in this order; the first that understands a message reads it',
    }),
  },
  { additionalProperties: false },
)
export type GatewayEntry = Type.Static<typeof GatewayEntry>

export const Gateway = Type.Object({
  ...GatewayEntry.properties,
  id: Id,
  hasSecret: Type.Boolean(),
  devices: Type.Integer({ description: 'listed under it' }),
  heardAt: Type.Optional(InstantText),
})
export type Gateway = Type.Static<typeof Gateway>

const PUSH_REASONS = [...REJECT_REASONS, 'not_understood', 'not_yours'] as const

/** What became of a pushed message; kept whatever it says, once this is answered. */
export const PushAnswer = Type.Object({
  accepted: Type.Integer({ description: 'messages of devices that are on disk' }),
  waiting: Type.Integer({
    description: 'messages of devices that are not known yet; adopted within a day they count',
  }),
  rejected: Type.Array(Type.Object({ index: Type.Integer(), reason: Type.Enum(PUSH_REASONS) })),
})
export type PushAnswer = Type.Static<typeof PushAnswer>

/** `GET /gateways/messages`: the newest messages as they came, and those set aside that no profile understood. */
const ForeignMessageView = Type.Object({
  id: Type.Optional(Type.Integer({ description: 'of one that is set aside' })),
  gateway: Type.String(),
  topic: Type.String(),
  receivedAt: InstantText,
  body: Type.String({ description: 'text as it came; bytes that are none as hex digits' }),
  bodyBytes: Type.Integer(),
  profile: Type.Optional(Type.String({ description: 'that understood it' })),
  why: Type.Optional(Type.Object({ message: Type.String(), messageEn: Type.String() })),
})
export const ForeignMessages = Type.Object({
  recent: Type.Array(ForeignMessageView),
  setAside: Type.Array(ForeignMessageView, { description: 'the newest hundred' }),
  setAsideCount: Type.Integer(),
  dropped: Type.Integer({
    description: 'set aside and forgotten since the start because there were too many',
  }),
})
export type ForeignMessages = Type.Static<typeof ForeignMessages>

/** `POST /profiles/{id}/run`: over what is set aside; what it understands counts as late. */
export const RunAnswer = Type.Object({
  understood: Type.Integer(),
  accepted: Type.Integer(),
  waiting: Type.Integer(),
  left: Type.Integer({ description: 'still set aside, of the gateways that use this profile' }),
})
export type RunAnswer = Type.Static<typeof RunAnswer>
