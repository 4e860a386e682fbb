import Type from 'typebox'
import { InstantText } from './identity.ts'
import { NOTICE_KINDS } from './vocabulary.ts'

/** A notice as the API and the live feed show it with the lead that it gave. */
export const NoticeView = Type.Object({
  id: Type.String(),
  kind: Type.Enum(NOTICE_KINDS),
  receivedAt: InstantText,
  effectiveAt: InstantText,
  until: Type.Optional(InstantText),
  assetIds: Type.Array(Type.String()),
  areaIds: Type.Array(Type.String()),
  text: Type.String(),
  documentId: Type.String(),
  by: Type.Object({ id: Type.String(), name: Type.String() }),
  late: Type.Boolean({ description: 'less than 48 hours before it takes effect' }),
  leadSeconds: Type.Integer(),
})
export type NoticeView = Type.Static<typeof NoticeView>

/** Body of `POST /notices`; what is mandatory is asked for with its clause. */
export const NoticeRequest = Type.Object(
  {
    kind: Type.Enum(NOTICE_KINDS),
    receivedAt: Type.Optional(InstantText),
    effectiveAt: Type.Optional(InstantText),
    until: Type.Optional(InstantText),
    assetIds: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 1000 })),
    areaIds: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 100 })),
    text: Type.Optional(Type.String({ maxLength: 10000 })),
    documentId: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)
export type NoticeRequest = Type.Static<typeof NoticeRequest>
