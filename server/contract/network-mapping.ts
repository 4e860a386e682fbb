import Type from 'typebox'
import { ImportGroup } from './import-mistake.ts'
import { ImportAnswer } from './network.ts'

/** What a layer's rows become: a kind of the network file, a buried joint without a cover, or nothing. */
export const LAYER_KINDS = ['source', 'station', 'well', 'valve', 'pipe', 'area', 'joint', 'ignore'] as const
export type LayerKind = (typeof LAYER_KINDS)[number]

const Column = Type.String({ minLength: 1, maxLength: 200 })
const Plain = Type.Union([Type.String({ maxLength: 300 }), Type.Number(), Type.Boolean()])

/** Where a field of ours comes from: a column, a column with its values translated, or one value for all rows. */
export const FieldSource = Type.Union([
  Column,
  Type.Object({
    column: Column,
    values: Type.Optional(Type.Record(Type.String({ maxLength: 300 }), Plain)),
    scale: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  }),
  Type.Object({ value: Plain }),
])
export type FieldSource = Type.Static<typeof FieldSource>

export const ControlPoint = Type.Object({
  x: Type.Number({ description: 'east in the grid of the file' }),
  y: Type.Number({ description: 'north in the grid of the file' }),
  lon: Type.Number({ minimum: -180, maximum: 180 }),
  lat: Type.Number({ minimum: -90, maximum: 90 }),
})
export type ControlPoint = Type.Static<typeof ControlPoint>

/** A coordinate system by name, by control points of a city's own grid, or with the city's parameters to WGS 84. */
export const CrsChoice = Type.Union([
  Type.String({
    minLength: 1,
    maxLength: 20_000,
    description: 'EPSG:4547, GCJ-02, BD-09, or the text of a .prj',
  }),
  Type.Object({
    controlPoints: Type.Array(ControlPoint, { maxItems: 100 }),
    maxResidualM: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 1000, description: '1 where nothing is said' }),
    ),
  }),
  Type.Object({
    system: Type.String({ minLength: 1, maxLength: 20_000 }),
    towgs84: Type.Array(Type.Number(), {
      minItems: 3,
      maxItems: 7,
      description: 'dx, dy, dz in m; rx, ry, rz in seconds of arc and s in ppm as EPSG method 9606 has them',
    }),
  }),
])
export type CrsChoice = Type.Static<typeof CrsChoice>

export const LayerMapping = Type.Object({
  file: Type.String({ maxLength: 300 }),
  layer: Type.String({ maxLength: 300 }),
  kind: Type.Optional(Type.Enum(LAYER_KINDS)),
  kindFrom: Type.Optional(
    Type.Object({
      column: Column,
      values: Type.Record(Type.String({ maxLength: 300 }), Type.Enum(LAYER_KINDS)),
    }),
  ),
  fields: Type.Record(Type.String({ maxLength: 40 }), FieldSource),
  /** Put before each id of the layer, where ids of two layers would be the same. */
  idPrefix: Type.Optional(Type.String({ maxLength: 20 })),
  /** In place of what the file says or what is said of all files. */
  crs: Type.Optional(CrsChoice),
})
export type LayerMapping = Type.Static<typeof LayerMapping>

export const NetworkMapping = Type.Object({
  layers: Type.Array(LayerMapping, { maxItems: 200 }),
  snapM: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 50,
      description: 'ends closer than this are joined; 0.5 where nothing is said',
    }),
  ),
  crs: Type.Optional(CrsChoice),
})
export type NetworkMapping = Type.Static<typeof NetworkMapping>

/** One layer as it was found in a file. */
export const LayerSummary = Type.Object({
  file: Type.String(),
  layer: Type.String(),
  geometry: Type.Enum(['point', 'line', 'polygon', 'none']),
  count: Type.Integer(),
  crs: Type.Union([Type.String(), Type.Null()]),
  columns: Type.Array(
    Type.Object({
      name: Type.String(),
      type: Type.Enum(['text', 'number', 'boolean', 'date', 'empty']),
      samples: Type.Array(Type.String()),
    }),
  ),
})
export type LayerSummary = Type.Static<typeof LayerSummary>

/** Answer of an import of files. */
export const FilesAnswer = Type.Object({
  ...ImportAnswer.properties,
  layers: Type.Array(LayerSummary),
  mapping: NetworkMapping,
  /** What stands against the import, in a dry run; without one these refuse it. */
  problems: Type.Array(ImportGroup),
  /** What is doubtful or will not be possible, grouped. */
  notes: Type.Array(ImportGroup),
  /** How far each control point lies from where the fit puts it, from three points on. */
  residualsM: Type.Optional(Type.Array(Type.Number())),
})
export type FilesAnswer = Type.Static<typeof FilesAnswer>
