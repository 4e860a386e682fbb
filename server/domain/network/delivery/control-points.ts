import proj4 from 'proj4'
import type { LocalizedText } from '#contract/text.ts'
import type { Position } from '#contract/identity.ts'
import type { ControlPoint } from '#contract/network-mapping.ts'

interface Fit {
  readonly toLonLat: (place: Position) => Position
  /** Metres between each control point and where the fit puts it; empty for two points, which always fit. */
  readonly residualsM: readonly number[]
}

export type Fitted = Fit | { readonly problem: LocalizedText; readonly residualsM: readonly number[] }

const MAX_SCALE_ERROR = 0.001
const MAX_RESIDUAL_M = 1

/**
 * A city's own grid by control points: a plane similarity (Helmert: shift, turn, scale) fitted by least
 * squares in a transverse Mercator plane around the points. Works for metres and for degrees of an old datum.
 */
export function fitControlPoints(
  points: readonly ControlPoint[],
  { maxResidualM = MAX_RESIDUAL_M }: { readonly maxResidualM?: number } = {},
): Fitted {
  if (points.length < 2 || isOnePlace(points)) {
    return {
      problem: {
        zh: '控制点至少要有两个不同的点;四个以上才能看出错误',
        en: 'at least two different control points are needed; four or more show a mistake',
      },
      residualsM: [],
    }
  }
  const plane = planeAround(points)
  const pairs = points.map((point): Pair => ({
    from: plane.grid([point.x, point.y]),
    to: plane.of([point.lon, point.lat]),
  }))
  const helmert = helmertOf(pairs)
  if (points.length === 2 && Math.abs(helmert.scale - 1) > MAX_SCALE_ERROR) {
    const scale = helmert.scale.toPrecision(6)
    return {
      problem: {
        zh: `两个控制点之间的距离与实地不符(比例 ${scale},应为 1 ± 0.001): 有一个点写错了,请再给两个`,
        en: `the two control points are ${scale} times as far apart as in the field (1 ± 0.001 is allowed): one is wrong; give two more`,
      },
      residualsM: [],
    }
  }
  const residualsM = points.length > 2 ? residualsOf(pairs, helmert) : []
  if (Math.max(0, ...residualsM) > maxResidualM) {
    return { problem: wordsOf(points, pairs, { residualsM, maxResidualM }), residualsM }
  }
  return { residualsM, toLonLat: (place) => plane.back(moved(helmert, plane.grid(place))) }
}

interface Pair {
  readonly from: Position
  readonly to: Position
}

function isOnePlace([first, ...others]: readonly ControlPoint[]): boolean {
  return others.every((one) => Math.hypot(one.x - (first?.x ?? 0), one.y - (first?.y ?? 0)) === 0)
}

/** A plane in metres around the points; a grid in degrees is brought into it first, so that it is one too. */
function planeAround(points: readonly ControlPoint[]) {
  const mean = (value: (point: ControlPoint) => number) =>
    points.reduce((sum, one) => sum + value(one), 0) / points.length
  const [lon, lat] = [mean((one) => one.lon), mean((one) => one.lat)]
  const way = proj4(
    '+proj=longlat +datum=WGS84',
    `+proj=tmerc +lat_0=${lat} +lon_0=${lon} +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m`,
  )
  const of = ([x, y]: Position): Position => pair(way.forward([x, y]))
  const isDegrees = points.every(({ x, y }) => Math.abs(x) <= 180 && Math.abs(y) <= 90)
  return {
    of,
    grid: isDegrees ? of : (place: Position): Position => place,
    back: ([x, y]: Position): Position => pair(way.inverse([x, y])),
  }
}

function pair([x = NaN, y = NaN]: readonly number[]): Position {
  return [x, y]
}

interface Helmert {
  readonly a: number
  readonly b: number
  readonly from: Position
  readonly to: Position
  readonly scale: number
}

/** Least squares of `to = R·scale·(from - mean) + mean`. */
function helmertOf(pairs: readonly Pair[]): Helmert {
  const mean = (place: (one: Pair) => Position): Position => {
    const sum = pairs.reduce(([x, y], one) => [x + place(one)[0], y + place(one)[1]] as Position, [
      0, 0,
    ] as Position)
    return [sum[0] / pairs.length, sum[1] / pairs.length]
  }
  const [from, to] = [mean((one) => one.from), mean((one) => one.to)]
  let [along, across, square] = [0, 0, 0]
  for (const one of pairs) {
    const [x, y] = [one.from[0] - from[0], one.from[1] - from[1]]
    const [u, v] = [one.to[0] - to[0], one.to[1] - to[1]]
    along += x * u + y * v
    across += x * v - y * u
    square += x * x + y * y
  }
  const [a, b] = [along / square, across / square]
  return { a, b, from, to, scale: Math.hypot(a, b) }
}

function moved({ a, b, from, to }: Helmert, [x, y]: Position): Position {
  const [dx, dy] = [x - from[0], y - from[1]]
  return [to[0] + a * dx - b * dy, to[1] + b * dx + a * dy]
}

function residualsOf(pairs: readonly Pair[], helmert: Helmert): readonly number[] {
  return pairs.map(({ from, to }) => {
    const [x, y] = moved(helmert, from)
    return Math.hypot(x - to[0], y - to[1])
  })
}

/** Names the swapped axes, or the one point without which the others agree, else only how far they are off. */
function wordsOf(
  points: readonly ControlPoint[],
  pairs: readonly Pair[],
  { residualsM, maxResidualM }: { readonly residualsM: readonly number[]; readonly maxResidualM: number },
): LocalizedText {
  const worstOf = (some: readonly Pair[]) => Math.max(...residualsOf(some, helmertOf(some)))
  const turned = pairs.map(({ from: [x, y], to }): Pair => ({ from: [y, x], to }))
  if (worstOf(turned) <= maxResidualM) {
    return {
      zh: '控制点的 x 与 y 写反了: x 应为东坐标,y 应为北坐标',
      en: 'x and y of the control points are swapped: x is east, y is north',
    }
  }
  const largest = Math.max(...residualsM).toFixed(2)
  const without = points.length < 4 ? [] : pairs.map((_, i) => worstOf(pairs.filter((_one, j) => j !== i)))
  const wrong = without.findIndex((worst) => worst <= maxResidualM)
  const [zh, en] = [
    `残差最大 ${largest} 米,超过 ${maxResidualM} 米`,
    `the largest residual is ${largest} m, above ${maxResidualM} m`,
  ]
  if (wrong < 0) return { zh: `控制点互相不符: ${zh}`, en: `the control points do not agree: ${en}` }
  return {
    zh: `第 ${wrong + 1} 个控制点写错了: ${zh},去掉它其余各点相符`,
    en: `control point ${wrong + 1} is wrong: ${en}; without it the others agree`,
  }
}
