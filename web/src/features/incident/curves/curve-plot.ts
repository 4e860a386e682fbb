import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { minuteText } from '../../../base/i18n/time.ts'
import type { CurvePoint, CurveScale } from '../../../model/curve-scale.ts'

export interface CurveDrawing {
  readonly points: readonly CurvePoint[]
  readonly scale: CurveScale
  /** Expected low and high; undefined where there is no baseline yet. */
  readonly band: readonly [number, number] | undefined
  readonly onset: number
  readonly from: number
  readonly to: number
  readonly stepped: boolean
  readonly axis: boolean
  /** `22:31起`, written under the onset's line. */
  readonly onsetLabel: string
  /** Pixels. */
  readonly width: number
}

const HEIGHT = 46
const AXIS_HEIGHT = 26
const SPARSE = 8

/** Draws a curve into a node: grey before the onset, in the level's colour after it. Returns how to remove it. */
export function drawCurve(node: HTMLElement, drawing: CurveDrawing): () => void {
  const style = getComputedStyle(node)
  const token = (name: string): string => style.getPropertyValue(name).trim()
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16
  const times = drawing.points.map(([at]) => at / 1000)
  const before = drawing.points.map(([at, value]) => (at <= drawing.onset ? value : null))
  const after = drawing.points.map(([at, value], index) => {
    const next = drawing.points[index + 1]
    return at > drawing.onset || (next !== undefined && next[0] > drawing.onset) ? value : null
  })
  const line = (stroke: string, width: number): UPlot.Series => ({
    stroke,
    width: width * rem,
    // A lid speaks once and sleeps: what is rare is drawn as what it is, single values.
    points: { show: drawing.points.length < SPARSE, size: 7 * rem, fill: stroke },
    spanGaps: false,
    ...(drawing.stepped && UPlot.paths.stepped !== undefined
      ? { paths: UPlot.paths.stepped({ align: 1 }) }
      : {}),
  })
  /** A time that would run into the onset's own, or out of the drawing. */
  const crowded = (plotted: UPlot, at: number): boolean => {
    const x = plotted.valToPos(at, 'x')
    const onset = plotted.valToPos(drawing.onset / 1000, 'x')
    return Math.abs(x - onset) < 70 * rem || x < 20 * rem || x > plotted.width - 20 * rem
  }
  const plot = new UPlot(
    {
      width: drawing.width,
      height: (HEIGHT + (drawing.axis ? AXIS_HEIGHT : 0)) * rem,
      padding: [2, 1, 0, 1],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: [drawing.from / 1000, drawing.to / 1000] },
        y: { range: [drawing.scale.low, drawing.scale.high] },
      },
      axes: [
        {
          show: drawing.axis,
          size: AXIS_HEIGHT * rem,
          gap: 4 * rem,
          stroke: token('--text-3'),
          font: `${14 * rem}px ${token('--font')}`,
          grid: { show: false },
          ticks: { show: false },
          space: 90 * rem,
          incrs: [300, 600, 900, 1800, 3600, 7200, 10800, 21600],
          values: (plotted, splits) =>
            splits.map((at) => (crowded(plotted, at) ? '' : minuteText(at * 1000))),
        },
        { show: false },
      ],
      series: [{}, line(token('--text-3'), 1.5), line(token('--lv'), 2)],
      hooks: { drawClear: [(plotted) => drawGround(plotted, drawing, token, rem)] },
    },
    [times, before, after],
    node,
  )
  return () => plot.destroy()
}

function drawGround(plot: UPlot, drawing: CurveDrawing, token: (name: string) => string, rem: number): void {
  const { ctx, bbox } = plot
  if (drawing.band !== undefined) {
    const [low, high] = drawing.band
    const top = plot.valToPos(high, 'y', true)
    ctx.fillStyle = token('--chart-baseline')
    ctx.fillRect(bbox.left, top, bbox.width, Math.max(2, plot.valToPos(low, 'y', true) - top))
  }
  const x = Math.round(plot.valToPos(drawing.onset / 1000, 'x', true))
  ctx.strokeStyle = token('--text-3')
  ctx.lineWidth = rem * devicePixelRatio
  ctx.setLineDash([2 * rem * devicePixelRatio, 3 * rem * devicePixelRatio])
  ctx.beginPath()
  ctx.moveTo(x, bbox.top)
  ctx.lineTo(x, bbox.top + bbox.height)
  ctx.stroke()
  ctx.setLineDash([])
  if (!drawing.axis) return
  ctx.fillStyle = token('--text-1')
  ctx.font = `${14 * rem * devicePixelRatio}px ${token('--font')}`
  // Just before the right edge the words stand to the left of the line, whole.
  const right = bbox.left + bbox.width
  ctx.textAlign = x > right - 40 * rem * devicePixelRatio ? 'right' : 'center'
  ctx.textBaseline = 'top'
  ctx.fillText(
    drawing.onsetLabel,
    ctx.textAlign === 'right' ? right : x,
    bbox.top + bbox.height + 6 * rem * devicePixelRatio,
  )
}
