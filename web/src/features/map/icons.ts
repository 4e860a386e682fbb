import markup from '../../base/ui/symbols.svg?raw'
import type { Palette } from '../../parts/underlay/palette.ts'

const BOX = 24
/** Twice the CSS size, so that a symbol stays sharp on a dense screen. */
const RATIO = 2
/** Icons are drawn larger than shown at the overview, since they grow with the zoom. */
const DRAWN = 48

export interface MapIcon {
  readonly name: string
  readonly data: ImageData
  readonly pixelRatio: number
}

/** The grey symbols of the network's equipment, drawn from the page's own sprite. */
export async function networkIcons(palette: Palette): Promise<readonly MapIcon[]> {
  const sprite = new DOMParser().parseFromString(markup, 'image/svg+xml')
  const icons: readonly (readonly [string, string])[] = [
    ['station', palette.text3],
    ['source', palette.text2],
    ['valve-open', palette.text3],
    ['valve-closed', palette.text1],
    ['well-stale', palette.stale],
    ['station-cold', palette.text2],
  ]
  const drawn = icons.map(([name, color]) => rasterise(sprite, name, color, palette.ground))
  return Promise.all([...drawn, hatch(palette.cold, palette.scale)])
}

async function rasterise(sprite: Document, name: string, color: string, ground: string): Promise<MapIcon> {
  const symbol = sprite.getElementById(name)
  if (symbol === null) throw new Error(`sprite has no ${name}`)
  const inner = [...symbol.childNodes].map((node) => new XMLSerializer().serializeToString(node)).join('')
  const size = DRAWN * RATIO
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${BOX} ${BOX}" ` +
    `style="color:${color};--sym-ground:${ground}">${inner}</svg>`
  const image = new Image(size, size)
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const context = canvasOf(size)
  context.drawImage(image, 0, 0, size, size)
  // A box of 24 px at `icon-size` 1: the drawing is denser than that by DRAWN / BOX × RATIO.
  return { name, data: context.getImageData(0, 0, size, size), pixelRatio: (DRAWN / BOX) * RATIO }
}

/** Kept by the processor: to read pixels back from a graphics card waits for all that it has to draw. */
function canvasOf(size: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(size, size).getContext('2d', { willReadFrequently: true })
  if (context === null) throw new Error('this browser has no 2D canvas')
  return context
}

const HATCH = 18

/** Slanted lines for what loses its heat; the tile repeats without a seam. */
function hatch(color: string, scale: number): MapIcon {
  const size = HATCH * RATIO
  const context = canvasOf(size)
  context.strokeStyle = color
  context.lineWidth = RATIO * 1.25
  for (const shift of [-size / 2, 0, size / 2, size]) {
    context.moveTo(shift - size / 2, size)
    context.lineTo(shift + size / 2, 0)
  }
  context.stroke()
  return { name: 'hatch', data: context.getImageData(0, 0, size, size), pixelRatio: RATIO / scale }
}
