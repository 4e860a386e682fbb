import Type from 'typebox'

/** One mistake of a network file. */
export const ImportMistake = Type.Object({
  featureId: Type.String(),
  path: Type.String(),
  message: Type.String(),
  messageEn: Type.Optional(Type.String({ description: 'the message in English' })),
  /** Which layer of a delivery and which row of it, where it came in as files. */
  origin: Type.Optional(Type.Tuple([Type.Integer(), Type.Integer()])),
})
export type ImportMistake = Type.Static<typeof ImportMistake>

/** Mistakes or doubts of one kind, with the first places. */
export const ImportGroup = Type.Object({
  message: Type.String(),
  messageEn: Type.String(),
  count: Type.Integer(),
  first: Type.Array(
    Type.Object({
      file: Type.Optional(Type.String()),
      layer: Type.Optional(Type.String()),
      row: Type.Optional(Type.Integer()),
      id: Type.Optional(Type.String()),
      at: Type.Optional(Type.Tuple([Type.Number(), Type.Number()], { description: 'lon, lat for the map' })),
    }),
  ),
})
export type ImportGroup = Type.Static<typeof ImportGroup>
