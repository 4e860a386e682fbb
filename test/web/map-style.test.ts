import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import type { StyleSpecification } from 'maplibre-gl'
import { describe, expect, it } from 'vitest'
import { drawTown } from '../../simulators/town/town.ts'
import { graticule } from '../../web/src/features/map/graticule.ts'
import { mapStyle } from '../../web/src/features/map/map-style.ts'
import { drawNetwork } from '../../web/src/features/map/network-features.ts'
import { indexNetwork } from '../../web/src/model/network-index.ts'
import type { Palette } from '../../web/src/parts/underlay/palette.ts'

const COLOURS = [
  'ground',
  'panel',
  'hair',
  'line',
  'text1',
  'text2',
  'text3',
  'normal',
  'stale',
  'cold',
  'primarySupply',
  'primaryReturn',
  'secondarySupply',
  'secondaryReturn',
]
const paletteAt = (scale: number): Palette =>
  ({
    ...Object.fromEntries(COLOURS.map((name) => [name, '#12171c'])),
    fonts: ['Noto Sans CJK SC'],
    scale,
    zoomShift: Math.log2(scale),
    distant: false,
  }) as unknown as Palette

/** The page draws it unchecked, since checking costs the start. */
describe('the style of the map', () => {
  const town = drawTown(1)
  const lines = graticule(indexNetwork(town).bounds)
  const mistakes = (style: StyleSpecification) => validateStyleMin(style).map(({ message }) => message)

  it.each([1, 1.75])('of a whole town has no mistake where letters are %s times as large', (scale) => {
    expect(mistakes(mapStyle(drawNetwork(town), lines, paletteAt(scale)))).toEqual([])
  })

  it('draws every source, and nothing else', () => {
    const { sources, layers } = mapStyle(drawNetwork(town), lines, paletteAt(1))
    const drawn = layers.flatMap((layer) => ('source' in layer ? [layer.source] : []))
    expect(new Set(drawn)).toEqual(new Set(Object.keys(sources)))
  })
})
