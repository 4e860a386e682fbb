import Flatbush from 'flatbush'
import type { Position } from '#contract/identity.ts'
import { flatPlane, nearestOnSegment } from './flat-plane.ts'

export interface LooseLine {
  readonly id: string
  readonly line: readonly Position[]
  /** Ids of points, where the file says them. */
  readonly from?: string
  readonly to?: string
}
export interface KnownPoint {
  readonly id: string
  readonly at: Position
}

/** A part of a line between two points; `share` of its length. */
export interface JoinedPipe {
  readonly id: string
  readonly of: string
  readonly from: string
  readonly to: string
  readonly line: readonly Position[]
  readonly share: number
}

export interface Joined {
  readonly pipes: readonly JoinedPipe[]
  /** Points that no layer has, where lines meet or end. */
  readonly joints: readonly KnownPoint[]
  /** Ends that meet nothing. */
  readonly loose: readonly (KnownPoint & { readonly of: string })[]
  /** Lines shorter than the tolerance. */
  readonly vanished: readonly string[]
}

/**
 * Topology from geometry: an end within `snapM` metres of a point belongs to it, ends that close to each other
 * share a joint, and a point or an end that close to a line's course splits it. Lines that name both ends stay.
 */
export function joinLines(lines: readonly LooseLine[], points: readonly KnownPoint[], snapM: number): Joined {
  const open = lines.filter(({ from, to }) => from === undefined || to === undefined)
  const whole = lines.flatMap(({ id, from, to, line }): JoinedPipe[] =>
    from === undefined || to === undefined ? [] : [{ id, of: id, from, to, line, share: 1 }],
  )
  if (open.length === 0) return { pipes: whole, joints: [], loose: [], vanished: [] }

  const plane = flatPlane(open[0]?.line[0] ?? [0, 0])
  const known = points.map(({ id, at }): Node => ({ id, at: plane.of(at), given: true }))
  const ends = open.flatMap(({ id, line, from, to }): End[] => [
    { of: id, side: 'a', at: plane.of(line[0] ?? [0, 0]), ...(from === undefined ? {} : { node: from }) },
    { of: id, side: 'b', at: plane.of(line.at(-1) ?? [0, 0]), ...(to === undefined ? {} : { node: to }) },
  ])
  snapToPoints(ends, known, snapM)
  const joints = clusterEnds(ends, snapM)
  const nodes = [...known, ...joints]
  const flat = open.map((line) => ({ ...line, flat: line.line.map(plane.of) }))
  const cuts = cutsOf(flat, nodes, { ends, snapM })

  const endsOf = new Map<string, End[]>()
  for (const end of ends) endsOf.set(end.of, [...(endsOf.get(end.of) ?? []), end])
  const pipes: JoinedPipe[] = []
  const vanished: string[] = []
  for (const one of flat) {
    const [a, b] = endsOf.get(one.id) ?? []
    const parts = cutLine(one, { from: a?.node ?? '', to: b?.node ?? '', cuts: cuts.get(one.id) ?? [] })
    if (parts.length === 0) vanished.push(one.id)
    for (const part of parts) pipes.push({ ...part, line: part.line.map(plane.back) })
  }
  const meetings = new Map<string, number>()
  for (const { from, to } of pipes) for (const id of [from, to]) meetings.set(id, (meetings.get(id) ?? 0) + 1)
  const used = joints.filter(({ id }) => meetings.has(id))
  const ofNode = new Map(ends.map(({ node, of }) => [node, of]))
  return {
    pipes: [...whole, ...pipes],
    joints: used.map(({ id, at }) => ({ id, at: plane.back(at) })),
    loose: used
      .filter(({ id }) => meetings.get(id) === 1)
      .map(({ id, at }) => ({ id, at: plane.back(at), of: ofNode.get(id) ?? '' })),
    vanished,
  }
}

interface Node {
  readonly id: string
  readonly at: Position
  /** From a layer, not made here. */
  readonly given: boolean
}
interface End {
  readonly of: string
  readonly side: 'a' | 'b'
  readonly at: Position
  node?: string
}

function indexOf(places: readonly Position[]): Flatbush | undefined {
  if (places.length === 0) return undefined
  const index = new Flatbush(places.length)
  for (const [x, y] of places) index.add(x, y, x, y)
  index.finish()
  return index
}

function snapToPoints(ends: readonly End[], known: readonly Node[], snapM: number): void {
  const index = indexOf(known.map(({ at }) => at))
  for (const end of ends) {
    if (end.node !== undefined) continue
    const [nearest] = index?.neighbors(end.at[0], end.at[1], 1, snapM) ?? []
    const node = nearest === undefined ? undefined : known[nearest]
    if (node !== undefined) end.node = node.id
  }
}

/** Ends near each other share the joint of the first of their names, so that the next delivery calls it the same. */
function clusterEnds(ends: readonly End[], snapM: number): readonly Node[] {
  const open = ends
    .filter(({ node }) => node === undefined)
    .sort((a, b) => (`${a.of}:${a.side}` < `${b.of}:${b.side}` ? -1 : 1))
  const index = indexOf(open.map(({ at }) => at))
  const joints: Node[] = []
  for (const [i, end] of open.entries()) {
    if (end.node !== undefined) continue
    const id = `${end.of}:${end.side}`
    const queue = [i]
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const one = open[next]
      if (one === undefined || one.node !== undefined) continue
      one.node = id
      queue.push(...(index?.neighbors(one.at[0], one.at[1], Infinity, snapM) ?? []))
    }
    joints.push({ id, at: end.at, given: false })
  }
  return joints
}

interface FlatLine extends LooseLine {
  readonly flat: readonly Position[]
}
interface Cut {
  readonly node: string
  readonly alongM: number
}

/** Where points and ends lie on the course of a line, away from its own ends. */
function cutsOf(
  lines: readonly FlatLine[],
  nodes: readonly Node[],
  { ends, snapM }: { readonly ends: readonly End[]; readonly snapM: number },
): ReadonlyMap<string, readonly Cut[]> {
  const index = indexOf(nodes.map(({ at }) => at))
  const own = new Map<string, Set<string>>()
  for (const { of, node } of ends) own.set(of, (own.get(of) ?? new Set()).add(node ?? ''))
  const cuts = new Map<string, readonly Cut[]>()
  for (const { id, flat } of lines) {
    const found = new Map<string, Cut & { readonly offM: number }>()
    const lengthM = walk(flat, (from, to, startM) => {
      const box = [
        Math.min(from[0], to[0]),
        Math.min(from[1], to[1]),
        Math.max(from[0], to[0]),
        Math.max(from[1], to[1]),
      ] as const
      for (const i of index?.search(box[0] - snapM, box[1] - snapM, box[2] + snapM, box[3] + snapM) ?? []) {
        const node = nodes[i]
        if (node === undefined || own.get(id)?.has(node.id) === true) continue
        const { offM, alongM } = nearestOnSegment(from, to, node.at)
        if (offM > snapM || offM >= (found.get(node.id)?.offM ?? Infinity)) continue
        found.set(node.id, { node: node.id, alongM: startM + alongM, offM })
      }
    })
    const inside = [...found.values()].filter(({ alongM }) => alongM > snapM && alongM < lengthM - snapM)
    if (inside.length > 0)
      cuts.set(
        id,
        inside.sort((a, b) => a.alongM - b.alongM),
      )
  }
  return cuts
}

function walk(
  line: readonly Position[],
  each: (from: Position, to: Position, startM: number) => void,
): number {
  let alongM = 0
  for (let i = 1; i < line.length; i++) {
    const [from, to] = [line[i - 1], line[i]]
    if (from === undefined || to === undefined) continue
    each(from, to, alongM)
    alongM += Math.hypot(to[0] - from[0], to[1] - from[1])
  }
  return alongM
}

function cutLine(
  { id, flat }: FlatLine,
  { from, to, cuts }: { readonly from: string; readonly to: string; readonly cuts: readonly Cut[] },
): readonly JoinedPipe[] {
  const stops = [...cuts]
  const parts: { from: string; to: string; line: Position[]; lengthM: number }[] = []
  let [node, line, sinceM] = [from, flat.slice(0, 1), 0]
  const totalM = walk(flat, (a, b, startM) => {
    const lengthM = Math.hypot(b[0] - a[0], b[1] - a[1])
    for (let stop = stops[0]; stop !== undefined && stop.alongM <= startM + lengthM; stop = stops[0]) {
      const share = lengthM === 0 ? 0 : (stop.alongM - startM) / lengthM
      const place: Position = [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]
      parts.push({ from: node, to: stop.node, line: [...line, place], lengthM: stop.alongM - sinceM })
      ;[node, line, sinceM] = [stop.node, [place], stop.alongM]
      stops.shift()
    }
    line = [...line, b]
  })
  parts.push({ from: node, to, line, lengthM: totalM - sinceM })
  const good = parts.filter((part) => part.from !== part.to)
  return good.map(({ lengthM, ...part }, i) => ({
    ...part,
    id: good.length === 1 ? id : `${id}#${i + 1}`,
    of: id,
    share: totalM === 0 ? 1 : lengthM / totalM,
  }))
}
