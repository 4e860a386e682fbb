import type { Position } from '#contract/identity.ts'
import type { SourceLayer, SourceRow } from '../domain/network/delivery/source-layer.ts'
import { BadFile } from './bad-file.ts'
import { readText } from './read-text.ts'

interface Line {
  readonly row: number
  readonly words: readonly string[]
}
type Sections = ReadonlyMap<string, readonly Line[]>

const FOOT_M = 0.3048
const INCH_MM = 25.4
/** Flow units of EPANET in t/h of water, and whether lengths come in feet and inches with them. */
const FLOW_UNITS: Readonly<Record<string, readonly [number, 'us' | 'si']>> = {
  CFS: [101.94, 'us'],
  GPM: [0.22712, 'us'],
  MGD: [157.73, 'us'],
  IMGD: [189.42, 'us'],
  AFD: [51.397, 'us'],
  LPS: [3.6, 'si'],
  LPM: [0.06, 'si'],
  MLD: [41.667, 'si'],
  CMH: [1, 'si'],
  CMD: [1 / 24, 'si'],
  CMS: [3600, 'si'],
}

/** An EPANET network (.inp): nodes with their coordinates, links between them, all in metric units. */
export function readEpanet(file: string, bytes: Uint8Array): readonly SourceLayer[] {
  const sections = sectionsOf(readText(bytes))
  for (const [name, zh] of [
    ['PIPES', '管线'],
    ['COORDINATES', '坐标'],
  ] as const) {
    if ((sections.get(name) ?? []).length > 0) continue
    throw new BadFile(`缺少 [${name}] 一节(${zh})`, `the section [${name}] is missing`)
  }
  if (['JUNCTIONS', 'RESERVOIRS', 'TANKS'].every((name) => (sections.get(name) ?? []).length === 0)) {
    throw new BadFile('缺少 [JUNCTIONS] 一节(节点)', 'the section [JUNCTIONS] is missing')
  }
  const units = unitsOf(sections)
  const places = placesOf(sections)
  const links = { places, vertices: verticesOf(sections), units }
  return [...nodeLayers(file, sections, { places, units }), ...linkLayers(file, sections, links)]
}

function sectionsOf(text: string): Sections {
  const sections = new Map<string, Line[]>()
  let current: Line[] | undefined
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const line = (raw.split(';', 1)[0] ?? '').trim()
    const name = /^\[(\w+)\]?/.exec(line)?.[1]?.toUpperCase()
    if (name !== undefined) {
      current = sections.get(name) ?? []
      sections.set(name, current)
    } else if (line !== '') current?.push({ row: i + 1, words: line.split(/\s+/) })
  }
  return sections
}

interface Units {
  readonly flowTh: number
  readonly lengthM: number
  readonly diameterMm: number
  /** Only Darcy and Weisbach's roughness is a length. */
  readonly roughnessMm: number | undefined
}

function unitsOf(sections: Sections): Units {
  const option = (name: string) =>
    sections
      .get('OPTIONS')
      ?.find(({ words }) => words[0]?.toUpperCase() === name)
      ?.words[1]?.toUpperCase()
  const named = option('UNITS') ?? 'GPM'
  const unit = FLOW_UNITS[named]
  if (unit === undefined)
    throw new BadFile(`不认识的流量单位 ${named}`, `the flow unit ${named} is not known`)
  const [flowTh, system] = unit
  const isUs = system === 'us'
  const roughness = isUs ? FOOT_M : 1
  return {
    flowTh,
    lengthM: isUs ? FOOT_M : 1,
    diameterMm: isUs ? INCH_MM : 1,
    roughnessMm: option('HEADLOSS') === 'D-W' ? roughness : undefined,
  }
}

function placesOf(sections: Sections): ReadonlyMap<string, Position> {
  return new Map(
    (sections.get('COORDINATES') ?? []).map(({ row, words: [id = '', x, y] }) => [
      id,
      [numberIn(x, row), numberIn(y, row)],
    ]),
  )
}

function verticesOf(sections: Sections): ReadonlyMap<string, readonly Position[]> {
  const vertices = new Map<string, Position[]>()
  for (const {
    row,
    words: [id = '', x, y],
  } of sections.get('VERTICES') ?? []) {
    const at: Position = [numberIn(x, row), numberIn(y, row)]
    const known = vertices.get(id)
    if (known === undefined) vertices.set(id, [at])
    else known.push(at)
  }
  return vertices
}

function numberIn(word: string | undefined, row: number): number {
  const number = Number(word)
  if (word !== undefined && Number.isFinite(number)) return number
  throw new BadFile(`第 ${row} 行应为数字: ${word ?? ''}`, `line ${row} wants a number: ${word ?? ''}`, row)
}

function nodeLayers(
  file: string,
  sections: Sections,
  { places, units }: { readonly places: ReadonlyMap<string, Position>; readonly units: Units },
): readonly SourceLayer[] {
  const demands = new Map(
    (sections.get('DEMANDS') ?? []).map(({ row, words: [id = '', demand] }) => [id, numberIn(demand, row)]),
  )
  const nodes = (name: string, type: (words: readonly string[]) => Record<string, unknown>): SourceLayer => {
    const rows = (sections.get(name) ?? []).map(({ row, words }): SourceRow => {
      const [id = '', elevation] = words
      const at = places.get(id)
      const height = elevation === undefined ? null : numberIn(elevation, row) * units.lengthM
      const values = { id, ...(name === 'JUNCTIONS' ? { elevationM: height } : {}), ...type(words) }
      return { row, values, ...(at === undefined ? {} : { geometry: { type: 'point', at } }) }
    })
    const own = name === 'JUNCTIONS' ? ['elevationM', 'nominalFlowTh'] : []
    return { file, layer: name, columns: ['id', 'type', ...own], rows }
  }
  return [
    nodes('RESERVOIRS', () => ({ type: 'source' })),
    nodes('TANKS', () => ({ type: 'tank' })),
    nodes('JUNCTIONS', ([id = '', , demand]) => {
      const flow = (demands.get(id) ?? Number(demand ?? 0)) * units.flowTh
      return flow > 0
        ? { type: 'station', nominalFlowTh: Math.round(flow * 1000) / 1000 }
        : { type: 'junction' }
    }),
  ]
}

function linkLayers(
  file: string,
  sections: Sections,
  {
    places,
    vertices,
    units,
  }: {
    readonly places: ReadonlyMap<string, Position>
    readonly vertices: ReadonlyMap<string, readonly Position[]>
    readonly units: Units
  },
): readonly SourceLayer[] {
  const links = (name: string, read: (line: Line) => Record<string, unknown>): SourceLayer => {
    const rows = (sections.get(name) ?? []).map((line): SourceRow => {
      const [id = '', from = '', to = ''] = line.words
      const [a, b] = [places.get(from), places.get(to)]
      const drawn = a === undefined || b === undefined ? undefined : [a, ...(vertices.get(id) ?? []), b]
      const values = { id, from, to, ...read(line) }
      return {
        row: line.row,
        values,
        ...(drawn === undefined ? {} : { geometry: { type: 'line', lines: [drawn] } }),
      }
    })
    return { file, layer: name, columns: ['id', 'from', 'to', 'lengthM', 'diameterMm', 'roughnessMm'], rows }
  }
  const inUnit = (word: string | undefined, unit: number, row: number) =>
    Math.round(numberIn(word, row) * unit * 1000) / 1000
  return [
    links('PIPES', ({ row, words: [, , , length, diameter, roughness] }) => ({
      lengthM: inUnit(length, units.lengthM, row),
      diameterMm: inUnit(diameter, units.diameterMm, row),
      roughnessMm: units.roughnessMm === undefined ? null : inUnit(roughness, units.roughnessMm, row),
    })),
    links('PUMPS', () => ({})),
    links('VALVES', ({ row, words: [, , , diameter] }) => ({
      diameterMm: inUnit(diameter, units.diameterMm, row),
    })),
  ]
}
