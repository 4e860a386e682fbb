import Type from 'typebox'
import { LocalizedText } from './text.ts'
import { NETWORK_LEVELS } from './vocabulary.ts'

const Ids = Type.Array(Type.String())

/** `GET /isolation?asset=&stuck=`: valves to close, who loses heat then, and a drafted notice. */
export const IsolationView = Type.Object({
  assetId: Type.String(),
  level: Type.Enum(NETWORK_LEVELS),
  valves: Type.Array(Type.String(), { description: 'open valves to close; each of them is needed' }),
  keepClosed: Ids,
  againstDraining: Ids,
  stop: Type.Array(Type.String(), { description: 'to be stopped: no valve can be closed on the way' }),
  openWays: Type.Array(Ids, { description: 'the ways without a valve, point by point' }),
  wasFed: Type.Boolean(),
  points: Ids,
  pipes: Ids,
  stations: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      address: Type.Optional(Type.String()),
      households: Type.Optional(Type.Integer()),
      heatedAreaM2: Type.Optional(Type.Number()),
      partly: Type.Boolean(),
    }),
  ),
  households: Type.Integer(),
  heatedAreaM2: Type.Number(),
  unknown: Type.Array(Type.String(), { description: 'stations whose households the network file lacks' }),
  areas: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), departmentId: Type.String() })),
  streets: Ids,
  notice: LocalizedText,
})
export type IsolationView = Type.Static<typeof IsolationView>
