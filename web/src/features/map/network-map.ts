import {
  AttributionControl,
  Map as MapLibre,
  ScaleControl,
  prewarm,
  setWorkerUrl,
  type ErrorEvent,
  type GeoJSONSource,
  type LngLat,
  type StyleSpecification,
} from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'
import type { FeatureCollection } from 'geojson'
import type { Position } from '#contract/identity.ts'
import type { NetworkFile } from '#contract/network.ts'
import type { Underlay } from '../../parts/underlay/underlay.ts'
import { cutFeatures } from './cut-features.ts'
import { graticule } from './graticule.ts'
import { networkIcons } from './icons.ts'
import { mapStyle } from './map-style.ts'
import { drawNetwork } from './network-features.ts'
import type { NetworkIndex } from '../../model/network-index.ts'
import type { Palette } from '../../parts/underlay/palette.ts'
import { readPalette } from '../../parts/underlay/read-palette.ts'

setWorkerUrl(workerUrl)
prewarm()

export interface Camera {
  readonly center: Position
  readonly zoom: number
}
export interface Padding {
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly left: number
}
export interface NetworkMap {
  fit(padding: Padding): void
  /** Brings places into view, only as far as needed; the camera stays when they are seen already. */
  show(places: readonly Position[], padding: Padding): void
  /** Goes close to places, whatever is seen now. */
  approach(places: readonly Position[], padding: Padding): void
  zoomBy(step: number): void
  /** Near enough to tell single wells apart. */
  isNear(): boolean
  project(position: Position): { x: number; y: number }
  camera(): Camera
  setZone(data: FeatureCollection): void
  /** Draws what loses its heat when valves are closed; nothing with empty lists. */
  setCut(pipeIds: readonly string[], pointIds: readonly string[]): void
  /** Marks the pipes that no sensor reaches any more. */
  setBlind(pipeIds: readonly string[]): void
  setSilent(data: FeatureCollection): void
  setHealth(assetId: string, health: string): void
  /** Hides the drawing's own names of these, where the page writes something larger. */
  setNamed(assetIds: readonly string[]): void
  close(): void
}

export interface NetworkMapOptions {
  readonly container: HTMLElement
  readonly file: NetworkFile
  readonly index: NetworkIndex
  readonly camera: Camera | undefined
  readonly padding: Padding
  readonly underlay: Underlay
  readonly onMove: () => void
  /** The network is drawn whole; until then the canvas is not worth looking at. */
  readonly onWhole: () => void
  readonly onPick: (assetId: string) => void
}

/** Device pixels for one of CSS until everything is there: pictures that nobody sees cost next to nothing. */
const COARSE = 0.05
const FEW = 40
/** What the whole network was fitted by stands on the very edge, px; it is seen there. */
const EDGE = 2
/** The rest looks the same. */
const MARKED: readonly string[] = ['silent', 'fault']
const NO_MOTION = { duration: 0 } as const
const PICKED = ['sources', 'stations', 'valves', 'wells', 'plain-wells', 'secondary-wells']

/** MapLibre with our drawing on it; loaded only when the lists already stand. */
export async function createNetworkMap(options: NetworkMapOptions): Promise<NetworkMap> {
  const { index, container } = options
  const palette = readPalette()
  const icons = networkIcons(palette)
  const foreign = options.underlay.layers.length > 0
  const start = options.camera ?? { center: centre(index), zoom: 12 }
  const map = new MapLibre({
    container,
    center: [start.center[0], start.center[1]],
    zoom: start.zoom,
    minZoom: 8,
    maxZoom: 19,
    attributionControl: false,
    localIdeographFontFamily: palette.fonts.map((family) => `'${family}'`).join(','),
    fadeDuration: 0,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    keyboard: false,
    // Ours is tested; to check it again costs the start.
    validateStyle: foreign,
    pixelRatio: COARSE,
  })
  map.touchZoomRotate.disableRotation()
  // The picture answers no key and has no words: the section around it is named, the list tells its events.
  const picture = map.getCanvas()
  picture.role = 'presentation'
  for (const name of ['aria-label', 'tabindex']) picture.removeAttribute(name)
  map.addControl(new ScaleControl({ maxWidth: 120 * palette.scale }), 'bottom-right')
  if (foreign) {
    map.addControl(new AttributionControl({ compact: false }), 'bottom-right')
    // Streets that do not come are no fault of the page: the drawing stands without them.
    map.on('error', ({ error, sourceId }: ErrorEvent & { readonly sourceId?: string }) => {
      if (sourceId?.startsWith('basemap') !== true) throw error
    })
  }
  /** Where all of it was last brought into sight, and within which margins. */
  let whole: { readonly padding: Padding; readonly at: LngLat; readonly zoom: number } | undefined
  const fitWhole = (padding: Padding): void => {
    fit(map, index, padding)
    whole = { padding, at: map.getCenter(), zoom: map.getZoom() }
  }
  if (options.camera === undefined) fitWhole(options.padding)
  const drawing = drawNetwork(options.file)
  const style = mapStyle(drawing, graticule(index.bounds), palette)
  // Images first, so that the first picture is whole; feature-state needs the sources to be there.
  const images = await icons
  map.setStyle(withUnderlay(style, options.underlay, palette))
  await map.once('style.load')
  for (const { name, data, pixelRatio } of images) map.addImage(name, data, { pixelRatio })
  whenWhole(map, Object.keys(style.sources), () => {
    // None of its own: the screen's, which changes when somebody enlarges the page.
    map.setPixelRatio(null as never)
    map.once('idle', () => performance.mark('map-drawn'))
    options.onWhole()
  })
  map.on('move', options.onMove)
  map.on('resize', () => {
    // Who has looked nowhere else sees all of it still when a banner comes or goes.
    if (whole?.zoom === map.getZoom() && whole.at.distanceTo(map.getCenter()) < 1) fitWhole(whole.padding)
    options.onMove()
  })
  map.on('click', (event) => {
    const reach = 8 * palette.scale
    const { x, y } = event.point
    const [hit] = map.queryRenderedFeatures(
      [
        [x - reach, y - reach],
        [x + reach, y + reach],
      ],
      { layers: PICKED },
    )
    const id: unknown = hit?.properties['id']
    if (typeof id === 'string') options.onPick(id)
  })
  let closed = false
  let named: readonly string[] = []
  const markNamed = (ids: readonly string[], value: boolean): void => {
    // What was drawn over a map is taken away only after the map itself.
    if (!closed) for (const id of ids) map.setFeatureState({ source: 'points', id }, { named: value })
  }
  const marked = new Map<string, string>()
  const drawn = new Map<string, boolean>()
  /** To hand over nothing anew would only draw the whole picture again. */
  const setData = (source: string, data: FeatureCollection): void => {
    const some = data.features.length > 0
    if (some || drawn.get(source) === true) map.getSource<GeoJSONSource>(source)?.setData(data)
    drawn.set(source, some)
  }
  return {
    fit: fitWhole,
    show: (places, padding) => show(map, places, padding),
    approach: (places, padding) => frame(map, places, padding, Math.max(16, map.getZoom())),
    zoomBy: (step) => void map.zoomTo(map.getZoom() + step, { duration: 150 }),
    isNear: () => map.getZoom() - palette.zoomShift > 14.6,
    project: ([lon, lat]) => map.project([lon, lat]),
    camera: () => ({ center: [map.getCenter().lng, map.getCenter().lat], zoom: map.getZoom() }),
    setZone: (data) => setData('zone', data),
    setCut: (pipeIds, pointIds) => {
      const cut = cutFeatures(drawing, new Set(pipeIds), new Set(pointIds))
      setData('cutPipes', cut.pipes)
      setData('cutStations', cut.stations)
      setData('cutZones', cut.zones)
    },
    setBlind: (pipeIds) => {
      const blind = new Set(pipeIds)
      const features = drawing.pipes.features.filter(({ properties }) => blind.has(properties.id))
      setData('blindPipes', { type: 'FeatureCollection', features })
    },
    setSilent: (data) => {
      setData('silent', data)
      // A few ages say something from afar; hundreds would cover the town.
      const from = data.features.length > FEW ? 14 + palette.zoomShift : 0
      map.setLayerZoomRange('silent-names', from, 24)
    },
    setHealth: (id, health) => {
      const now = MARKED.includes(health) ? health : undefined
      if (marked.get(id) === now) return
      if (now === undefined) marked.delete(id)
      else marked.set(id, now)
      map.setFeatureState({ source: 'points', id }, { health })
    },
    setNamed: (ids) => {
      markNamed(named, false)
      markNamed(ids, true)
      named = ids
    },
    close: () => {
      closed = true
      map.remove()
    },
  }
}

/** Calls back when each of these sources, and every tile of theirs in view, has come or failed. */
function whenWhole(map: MapLibre, sources: readonly string[], then: () => void): void {
  const look = (): void => {
    if (!sources.every((id) => map.isSourceLoaded(id))) return
    map.off('sourcedata', look)
    then()
  }
  map.on('sourcedata', look)
}

/** Streets lie over the ground and under everything of ours; with them the ground needs no grid. */
function withUnderlay(
  style: StyleSpecification,
  { sources, layers, sprite, veil }: Underlay,
  palette: Palette,
): StyleSpecification {
  if (layers.length === 0) return style
  const [ground, ...own] = style.layers
  return {
    ...style,
    ...(sprite === undefined ? {} : { sprite }),
    sources: { ...sources, ...style.sources },
    layers: [
      ...(ground === undefined ? [] : [ground]),
      ...layers,
      ...(veil === undefined ? [] : [veilLayer(veil, palette)]),
      ...own.filter(({ id }) => id !== 'graticule'),
    ],
  }
}

function veilLayer(veil: number, palette: Palette): StyleSpecification['layers'][number] {
  const paint = { 'background-color': palette.ground, 'background-opacity': veil }
  return { id: 'basemap-veil', type: 'background', paint }
}

function centre({ bounds }: NetworkIndex): Position {
  return bounds === undefined ? [106.72, 39.5] : [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2]
}

function fit(map: MapLibre, { bounds }: NetworkIndex, padding: Padding): void {
  if (bounds === undefined) return
  const [west, south, east, north] = bounds
  map.fitBounds([west, south, east, north], { padding: { ...padding }, maxZoom: 16, ...NO_MOTION })
}

function show(map: MapLibre, places: readonly Position[], padding: Padding): void {
  const { clientWidth: width, clientHeight: height } = map.getContainer()
  const seen = places.every(([lon, lat]) => {
    const { x, y } = map.project([lon, lat])
    const [right, bottom] = [width - padding.right, height - padding.bottom]
    return x > padding.left - EDGE && x < right + EDGE && y > padding.top - EDGE && y < bottom + EDGE
  })
  if (!seen) frame(map, places, padding, map.getZoom())
}

function frame(map: MapLibre, places: readonly Position[], padding: Padding, maxZoom: number): void {
  if (places.length === 0) return
  const lons = places.map(([lon]) => lon)
  const lats = places.map(([, lat]) => lat)
  map.fitBounds([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], {
    padding: { ...padding },
    maxZoom,
    ...NO_MOTION,
  })
}
