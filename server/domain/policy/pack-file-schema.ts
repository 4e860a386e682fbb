import Type from 'typebox'
import { PACKS } from './packs.ts'
import { PolicyPack } from './policy-pack.ts'

type Schema = Readonly<Record<string, unknown>>

const Base = Type.Enum([...PACKS.keys()], {
  description: 'the built-in pack that holds for what is left out',
})
const WithBase = Type.Object(
  { extends: Base, ...PolicyPack.properties },
  { additionalProperties: false, title: 'Wellwatch policy pack' },
)

/** JSON Schema of a pack's file: a whole pack, or with `extends` any part of one, null for what does not hold. */
export const PACK_FILE_SCHEMA = {
  ...partial({ ...WithBase }),
  required: ['id', 'title'],
  if: { required: ['extends'] },
  else: PolicyPack,
}

function partial({ required, properties, ...rest }: Schema): Schema {
  if (typeof properties !== 'object' || properties === null) return rest
  const needed = new Set(Array.isArray(required) ? required : [])
  const parts = Object.entries(properties as Readonly<Record<string, Schema>>).map(([key, part]) => [
    key,
    needed.has(key) ? partial(part) : { anyOf: [partial(part), { type: 'null' }] },
  ])
  return { ...rest, properties: Object.fromEntries(parts) as unknown }
}
