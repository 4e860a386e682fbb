import Type from 'typebox'
import { AssetId } from './identity.ts'
import { DeviceProperties, ImportAnswer } from './network.ts'

const { id: DeviceId, ...deviceFields } = DeviceProperties.properties

/** `PUT /devices/{id}`: the device whole and where it stands; what is left out is taken away. */
export const DeviceEntry = Type.Object({ assetId: AssetId, id: Type.Optional(DeviceId), ...deviceFields })

/** `POST /devices`: a new device, or a retired one that comes back. */
export const NewDevice = Type.Object({ ...DeviceEntry.properties, id: DeviceId })
export type NewDevice = Type.Static<typeof NewDevice>

/** What became of the list of devices, by device id; `unchanged` counts those that stand so already. */
export const DeviceListAnswer = Type.Object({ ...ImportAnswer.properties, unchanged: Type.Integer() })
export type DeviceListAnswer = Type.Static<typeof DeviceListAnswer>
