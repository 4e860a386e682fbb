import Type from 'typebox'

/**
 * Ids of devices, assets and departments. Narrow on purpose: such an id is safe in a topic, a tag of
 * line protocol, a URL and a log line without escaping.
 */
export const ID_PATTERN = /^[a-z0-9][a-z0-9_-]{0,63}$/
export const Id = Type.String({ pattern: ID_PATTERN.source, description: 'lower-case id, 1–64 characters' })

/**
 * An asset's or pipe's id as a network file may write it: letters and digits of any script and
 * `. _ : # + -`, 1–64 characters. No white space, quote, comma, `=` or `\\`: it becomes a tag.
 */
export const ASSET_ID_PATTERN = /^(?!.*[\u115F\u1160\u3164\uFFA0])[\p{L}\p{N}][\p{L}\p{N}._:#+-]{0,63}$/u
export const AssetId = Type.String({
  pattern: ASSET_ID_PATTERN.source,
  description: 'asset id, 1–64 letters, digits and . _ : # + -',
})

/** An instant in JSON: ISO 8601 with offset, of the years 2000 to 2100. Every route checks it as `parseInstant` reads it. */
export const InstantText = Type.String({
  format: 'date-time',
  maxLength: 40,
  description: 'ISO 8601 with offset, in the years 2000 to 2100, for example 2026-01-15T22:50:00+08:00',
})

/** [longitude, latitude] in degrees, WGS 84 (equal to CGCS2000 within 0.1 m). */
export const Position = Type.Tuple([
  Type.Number({ minimum: -180, maximum: 180 }),
  Type.Number({ minimum: -90, maximum: 90 }),
])
export type Position = readonly [number, number]
