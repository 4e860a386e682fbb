import type { LayerSummary } from '#contract/network-mapping.ts'
import { crsOf } from './crs.ts'
import { isEmpty } from './field-values.ts'
import { geometryOf, type SourceLayer } from './source-layer.ts'

const MAX_SAMPLES = 4
const MAX_SAMPLE = 40

/** What a person needs to see of a layer to match it. */
export function summariseLayer(layer: SourceLayer): LayerSummary {
  const crs = layer.crs === undefined ? null : (crsOf(layer.crs)?.name ?? layer.crs.slice(0, 80))
  return {
    file: layer.file,
    layer: layer.layer,
    geometry: geometryOf(layer),
    count: layer.rows.length,
    crs,
    columns: layer.columns.map((name) => ({ name, ...typeAndSamples(layer, name) })),
  }
}

function typeAndSamples({ rows }: SourceLayer, column: string) {
  const samples = new Set<string>()
  let type: 'text' | 'number' | 'boolean' | 'date' | 'empty' = 'empty'
  for (const { values } of rows) {
    const value = values[column]
    if (isEmpty(value)) continue
    const own = typeOf(value)
    type = type === 'empty' || type === own ? own : 'text'
    if (samples.size < MAX_SAMPLES) samples.add(sampleOf(value))
    else if (type === 'text') break
  }
  return { type, samples: [...samples] }
}

function sampleOf(value: unknown): string {
  return (typeof value === 'object' ? JSON.stringify(value) : String(value)).slice(0, MAX_SAMPLE)
}

function typeOf(value: unknown): 'text' | 'number' | 'boolean' | 'date' {
  if (typeof value === 'boolean') return 'boolean'
  const text = sampleOf(value).trim()
  if (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return 'number'
  return /^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}/.test(text) ? 'date' : 'text'
}
