import Type from 'typebox'
import { AssetId } from './identity.ts'
import { DeviceProperties, ImportAnswer } from './network.ts'
import { FieldSource, LayerSummary } from './network-mapping.ts'

const { id: DeviceId, ...deviceFields } = DeviceProperties.properties

/** `PUT /devices/{id}`: the device whole and where it stands; what is left out is taken away. */
export const DeviceEntry = Type.Object({ assetId: AssetId, id: Type.Optional(DeviceId), ...deviceFields })

/** `POST /devices`: a new device, or a retired one that comes back. */
export const NewDevice = Type.Object({ id: DeviceId, assetId: AssetId, ...deviceFields })
export type NewDevice = Type.Static<typeof NewDevice>

/** What became of the list of devices, by device id; `unchanged` counts those that stand so already. */
export const DeviceListAnswer = Type.Object({ ...ImportAnswer.properties, unchanged: Type.Integer() })
export type DeviceListAnswer = Type.Static<typeof DeviceListAnswer>

/** `POST /devices/secrets`: whose secrets are issued anew; answered as CSV `id,secret`. */
export const SecretsRequest = Type.Object({
  ids: Type.Array(Type.String({ maxLength: 64 }), { minItems: 1, maxItems: 20_000 }),
})

/** Which column of a table fills which field of a device; a field without one keeps its value. */
export const DeviceMapping = Type.Object({ fields: Type.Record(Type.String({ maxLength: 40 }), FieldSource) })
export type DeviceMapping = Type.Static<typeof DeviceMapping>

/** One mistake of a table of devices, where a person finds it. */
export const TableMistake = Type.Object({
  row: Type.Optional(Type.Integer({ description: 'as the program that wrote the file counts them' })),
  column: Type.Optional(Type.String()),
  id: Type.Optional(Type.String()),
  message: Type.String(),
  messageEn: Type.String(),
})
export type TableMistake = Type.Static<typeof TableMistake>

/** Answer of `POST /devices/import`. With mistakes, which only a dry run answers, nothing would be done. */
export const DeviceImportAnswer = Type.Object({
  ...DeviceListAnswer.properties,
  rows: Type.Integer(),
  columns: LayerSummary.properties.columns,
  mapping: DeviceMapping,
  mistakes: Type.Array(TableMistake, { description: 'the first thousand' }),
})
export type DeviceImportAnswer = Type.Static<typeof DeviceImportAnswer>
