import Type from 'typebox'

/** One text in both languages of the product. */
export const LocalizedText = Type.Object({ zh: Type.String(), en: Type.String() })
export type LocalizedText = Type.Static<typeof LocalizedText>
