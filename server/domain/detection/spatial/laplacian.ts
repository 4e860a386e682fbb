import FlatQueue from 'flatqueue'

/** A pipe between two numbered points. */
export interface Link {
  readonly a: number
  readonly b: number
}

/** A network of conductances, ready to be asked for the head that any inflow makes. */
export interface Solver {
  /** Head at every point for an inflow at every point; grounded and unreached points stay at 0. */
  solve(inflow: Float64Array): Float64Array
}

interface Step {
  readonly point: number
  readonly to: number[]
  readonly share: number[]
  readonly pivot: number
}

/**
 * In which order points are eliminated so that few new links arise: fewest links first (minimum degree;
 * Tinney and Walker 1967). `grounded` points are never eliminated.
 */
export function eliminationOrder(
  points: number,
  links: readonly Link[],
  grounded: ReadonlySet<number>,
): readonly number[] {
  const around = Array.from({ length: points }, () => new Set<number>())
  for (const { a, b } of links) {
    if (a === b) continue
    around[a]?.add(b)
    around[b]?.add(a)
  }
  const queue = new FlatQueue<number>()
  for (const [point, its] of around.entries()) if (!grounded.has(point)) queue.push(point, its.size)
  const order: number[] = []
  const done = new Set<number>(grounded)
  for (;;) {
    const degree = queue.peekValue()
    const point = queue.pop()
    if (point === undefined || degree === undefined) return order
    const its = around[point]
    // An entry from before its links changed is stale; the newer one is in the queue too.
    if (its === undefined || done.has(point) || its.size !== degree) continue
    done.add(point)
    order.push(point)
    joinNeighbours(around, point, its, (neighbour, size) => {
      if (!done.has(neighbour)) queue.push(neighbour, size)
    })
  }
}

function joinNeighbours(
  around: readonly Set<number>[],
  point: number,
  its: ReadonlySet<number>,
  changed: (neighbour: number, size: number) => void,
): void {
  const list = [...its]
  for (const one of list) {
    const links = around[one]
    if (links === undefined) continue
    links.delete(point)
    for (const other of list) if (other !== one) links.add(other)
  }
  for (const one of list) changed(one, around[one]?.size ?? 0)
}

/**
 * Eliminates a network point by point; each goes by star-mesh transformation, which only adds and never
 * subtracts, so that it stays exact for pipes of any size side by side.
 */
export function factorise(
  points: number,
  links: readonly Link[],
  conductance: Float64Array,
  order: readonly number[],
): Solver {
  const around = Array.from({ length: points }, () => new Map<number, number>())
  const add = (a: number, b: number, value: number): void => {
    const its = around[a]
    its?.set(b, (its.get(b) ?? 0) + value)
  }
  for (const [index, { a, b }] of links.entries()) {
    if (a === b) continue
    add(a, b, conductance[index] ?? 0)
    add(b, a, conductance[index] ?? 0)
  }
  const steps = order.map((point) => eliminate(around, point, add))
  return { solve: (inflow) => solve(steps, inflow) }
}

function eliminate(
  around: readonly Map<number, number>[],
  point: number,
  add: (a: number, b: number, value: number) => void,
): Step {
  const its = around[point] ?? new Map<number, number>()
  const to = [...its.keys()]
  const values = [...its.values()]
  const pivot = values.reduce((sum, value) => sum + value, 0)
  for (const one of to) around[one]?.delete(point)
  for (let i = 0; i < to.length; i += 1) {
    for (let j = i + 1; j < to.length; j += 1) {
      const between = ((values[i] ?? 0) * (values[j] ?? 0)) / pivot
      add(to[i] ?? 0, to[j] ?? 0, between)
      add(to[j] ?? 0, to[i] ?? 0, between)
    }
  }
  return { point, to, share: values.map((value) => value / pivot), pivot }
}

function solve(steps: readonly Step[], inflow: Float64Array): Float64Array {
  const flow = Float64Array.from(inflow)
  for (const { point, to, share } of steps) {
    const here = flow[point] ?? 0
    if (here === 0) continue
    for (let k = 0; k < to.length; k += 1) {
      const other = to[k] ?? 0
      flow[other] = (flow[other] ?? 0) + here * (share[k] ?? 0)
    }
  }
  const head = new Float64Array(inflow.length)
  for (let n = steps.length - 1; n >= 0; n -= 1) {
    const step = steps[n]
    if (step === undefined || step.pivot === 0) continue
    let sum = (flow[step.point] ?? 0) / step.pivot
    for (let k = 0; k < step.to.length; k += 1) sum += (step.share[k] ?? 0) * (head[step.to[k] ?? 0] ?? 0)
    head[step.point] = sum
  }
  return head
}
