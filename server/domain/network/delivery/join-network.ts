import type { Position } from '#contract/identity.ts'
import type { LocalizedText } from '#contract/text.ts'
import { placeOnLine } from '../geometry.ts'
import type { Converted, DraftFeature } from './converted.ts'
import { partsOfPipes } from './islands.ts'
import { joinLines, type JoinedPipe, type LooseLine } from './join-lines.ts'
import type { Finding, SourceLayer } from './source-layer.ts'

const SHORT: LocalizedText = {
  zh: '管线短于容差或首尾是同一处,不导入',
  en: 'the pipe is shorter than the tolerance or begins where it ends; it is left out',
}
const LOOSE: LocalizedText = {
  zh: '管线端点没有接到井、阀门、站或其他管线',
  en: 'the end of the pipe meets no well, valve, station or other pipe',
}
const ISLAND: LocalizedText = {
  zh: '与管网的主要部分不相连',
  en: 'is not connected with the main part of the network',
}
const NO_END: LocalizedText = {
  zh: '没有几何,且起点或终点不在文件里: 画不出管线',
  en: 'has no geometry, and its from or to is not in the files: it cannot be drawn',
}

/** Draws pipes without geometry between their ends, joins lines without ends, and adds the joints this takes. */
export function joinNetwork(
  drafts: readonly DraftFeature[],
  { layers, snapM }: { readonly layers: readonly SourceLayer[]; readonly snapM: number },
): Pick<Converted, 'features' | 'problems' | 'notes'> {
  const points = drafts.flatMap(({ properties: { id }, geometry }) =>
    geometry?.type === 'point' && typeof id === 'string' ? [{ id, at: geometry.at }] : [],
  )
  const places = new Map(points.map(({ id, at }) => [id, at]))
  const problems: Finding[] = []
  const notes: Finding[] = []
  const lines: LooseLine[] = []
  const byLine = new Map<string, DraftFeature>()
  const others: DraftFeature[] = []
  const where = (draft: DraftFeature | undefined, id: string, at?: Position) => {
    const layer = layers[draft?.origin[0] ?? -1]
    const row = draft === undefined ? {} : { row: draft.origin[1] }
    return {
      ...(layer === undefined ? {} : { file: layer.file, layer: layer.layer }),
      ...row,
      id,
      ...(at === undefined ? {} : { at }),
    }
  }
  for (const draft of drafts) {
    const { properties, geometry } = draft
    const id = String(properties.id)
    if (
      properties.kind !== 'pipe' ||
      (geometry !== undefined && geometry.type !== 'line') ||
      byLine.has(id)
    ) {
      others.push(draft)
      continue
    }
    const ends = endsOf(draft)
    const parts = geometry?.lines ?? straight(ends, places)
    if (parts === undefined) problems.push({ message: NO_END, ...where(draft, id) })
    const whole = parts === undefined ? [] : chained(parts)
    for (const [i, line] of whole.entries()) {
      const own = whole.length === 1 ? id : `${id}.${i + 1}`
      byLine.set(own, draft)
      lines.push({ id: own, line, ...(whole.length === 1 ? ends : {}) })
    }
  }
  const joined = joinLines(lines, points, snapM)
  for (const id of joined.vanished) notes.push({ message: SHORT, ...where(byLine.get(id), id) })
  for (const { of, at } of joined.loose) notes.push({ message: LOOSE, ...where(byLine.get(of), of, at) })
  for (const { pipe } of partsOfPipes(joined.pipes).slice(1)) {
    notes.push({ message: ISLAND, ...where(byLine.get(pipe.of), pipe.of, pipe.line[0]) })
  }
  const pipes = joined.pipes.flatMap((pipe) => asFeature(pipe, byLine.get(pipe.of)))
  const joints = joined.joints.map(({ id, at }) =>
    jointFeature(id, at, byLine.get(id.slice(0, id.lastIndexOf(':')))),
  )
  const split = new Map<string, JoinedPipe[]>()
  for (const pipe of joined.pipes)
    if (pipe.id !== pipe.of) split.set(pipe.of, [...(split.get(pipe.of) ?? []), pipe])
  return { features: [...others.map((draft) => onPart(draft, split)), ...joints, ...pipes], problems, notes }
}

function endsOf({ properties: { from, to } }: DraftFeature): {
  readonly from?: string
  readonly to?: string
} {
  return { ...(typeof from === 'string' ? { from } : {}), ...(typeof to === 'string' ? { to } : {}) }
}

function straight(
  { from, to }: { readonly from?: string; readonly to?: string },
  places: ReadonlyMap<string, Position>,
): readonly (readonly Position[])[] | undefined {
  const [a, b] = [places.get(from ?? ''), places.get(to ?? '')]
  return a === undefined || b === undefined ? undefined : [[a, b]]
}

/** Parts of one line that follow each other, as one. */
function chained(parts: readonly (readonly Position[])[]): readonly (readonly Position[])[] {
  const chains: Position[][] = []
  for (const part of parts) {
    const last = chains.at(-1)
    const [end, start] = [last?.at(-1), part[0]]
    if (
      last !== undefined &&
      end !== undefined &&
      start !== undefined &&
      end[0] === start[0] &&
      end[1] === start[1]
    ) {
      last.push(...part.slice(1))
    } else chains.push([...part])
  }
  return chains
}

function asFeature(
  { id, of, from, to, line, share }: JoinedPipe,
  draft: DraftFeature | undefined,
): readonly DraftFeature[] {
  if (draft === undefined) return []
  const { lengthM } = draft.properties
  const length =
    typeof lengthM === 'number'
      ? { lengthM: id === of ? lengthM : Math.round(lengthM * share * 100) / 100 }
      : {}
  return [
    {
      ...draft,
      properties: { ...draft.properties, ...length, id, from, to },
      geometry: { type: 'line', lines: [line] },
    },
  ]
}

/** A buried joint: a place on the map without a cover. */
function jointFeature(id: string, at: Position, pipe: DraftFeature | undefined): DraftFeature {
  const network = pipe?.properties.network ?? 'primary'
  return {
    properties: { kind: 'well', id, name: id, network, covers: 0 },
    geometry: { type: 'point', at },
    origin: pipe?.origin ?? [-1, 0],
  }
}

/** A well that names a pipe which was split lies on the nearest of its parts. */
function onPart(draft: DraftFeature, split: ReadonlyMap<string, readonly JoinedPipe[]>): DraftFeature {
  const { properties, geometry } = draft
  const parts = split.get(String(properties.onPipe))
  if (parts === undefined || geometry?.type !== 'point') return draft
  const off = (part: JoinedPipe) => placeOnLine(part.line, geometry.at).distanceM
  const nearest = parts.toSorted((a, b) => off(a) - off(b))[0]
  return { ...draft, properties: { ...properties, onPipe: nearest?.id } }
}
