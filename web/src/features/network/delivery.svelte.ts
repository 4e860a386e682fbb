import type { FeatureCollection } from 'geojson'
import type {
  ControlPoint,
  CrsChoice,
  FilesAnswer,
  LayerMapping,
  NetworkMapping,
} from '#contract/network-mapping.ts'
import { ROUTES } from '#contract/routes.ts'
import { request, type Failure } from '../../base/api/request.ts'

export type Preview = FilesAnswer & { readonly map?: FeatureCollection }
interface Kept {
  readonly name: string
  readonly mapping: NetworkMapping
}
export type CrsKind = 'file' | 'wgs' | 'gcj' | 'bd' | 'epsg' | 'points'
/** A control point as it is typed. */
export type TypedPoint = Record<keyof ControlPoint, string>

const PATIENCE_MS = 180_000
const NAMES = { wgs: 'EPSG:4490', gcj: 'GCJ-02', bd: 'BD-09' } as const
const noPoint = (): TypedPoint => ({ x: '', y: '', lon: '', lat: '' })

/** Files on their way in: chosen, matched, looked at, and at last imported. */
export class Delivery {
  files = $state.raw<readonly File[]>([])
  crsKind = $state<CrsKind>('file')
  epsg = $state('')
  points = $state<TypedPoint[]>([noPoint(), noPoint(), noPoint(), noPoint()])
  snapM = $state('0.5')
  replace = $state(false)
  mapping = $state.raw<NetworkMapping | undefined>(undefined)
  preview = $state.raw<Preview | undefined>(undefined)
  failure = $state.raw<Failure | undefined>(undefined)
  busy = $state(false)
  /** Something was changed since the preview. */
  stale = $state(false)
  taken = $state.raw<FilesAnswer | undefined>(undefined)
  kept = $state.raw<readonly Kept[]>([])
  #asked: AbortController | undefined

  async loadKept(): Promise<void> {
    const answer = await request<{ items: readonly Kept[] }>(ROUTES.networkMappings)
    if (answer.ok) this.kept = answer.value.items
  }

  choose(files: readonly File[]): void {
    const names = files.map(({ name }) => name)
    this.files = [...this.files.filter(({ name }) => !names.includes(name)), ...files]
    void this.look()
  }

  remove(name: string): void {
    this.files = this.files.filter((file) => file.name !== name)
    if (this.files.length > 0) void this.look()
    else this.preview = this.mapping = this.failure = undefined
  }

  reuse(name: string): void {
    this.mapping = this.kept.find((one) => one.name === name)?.mapping
    this.#showCrs(this.mapping?.crs)
    void this.look()
  }

  match(layer: LayerMapping): void {
    if (this.mapping === undefined) return
    const isSame = (one: LayerMapping): boolean => one.file === layer.file && one.layer === layer.layer
    this.mapping = { ...this.mapping, layers: this.mapping.layers.map((one) => (isSame(one) ? layer : one)) }
    this.stale = true
  }

  /** What would become of the files as they are matched now; a later question overtakes an earlier one. */
  async look(): Promise<void> {
    this.#asked?.abort()
    const asked = new AbortController()
    this.#asked = asked
    this.busy = true
    this.taken = undefined
    const answer = await this.#send(`dryRun=true&map=true&replace=${this.replace}`, asked.signal)
    if (asked.signal.aborted) return
    this.busy = this.stale = false
    this.failure = answer.ok ? undefined : answer
    this.preview = answer.ok ? answer.value : undefined
    if (answer.ok) this.mapping = answer.value.mapping
  }

  async take(): Promise<void> {
    this.busy = true
    const answer = await this.#send(`replace=${this.replace}`)
    this.busy = false
    this.failure = answer.ok ? undefined : answer
    if (!answer.ok) return
    this.taken = answer.value
    this.files = []
    this.preview = this.mapping = undefined
  }

  async keep(name: string): Promise<boolean> {
    if (this.mapping === undefined) return false
    const answer = await request(ROUTES.networkMapping(name), { method: 'PUT', body: this.mapping })
    this.failure = answer.ok ? undefined : answer
    if (answer.ok) await this.loadKept()
    return answer.ok
  }

  close(): void {
    this.#asked?.abort()
  }

  #send(query: string, signal?: AbortSignal) {
    const form = new FormData()
    const crs = this.#crs()
    const layers = this.mapping === undefined ? {} : { layers: this.mapping.layers }
    form.set('mapping', JSON.stringify({ ...layers, snapM: Number(this.snapM) || 0 }))
    if (crs !== undefined) form.set('crs', JSON.stringify(crs))
    for (const file of this.files) form.append('files', file, file.name)
    return request<Preview>(`${ROUTES.networkImports}?${query}`, {
      method: 'POST',
      form,
      patienceMs: PATIENCE_MS,
      ...(signal === undefined ? {} : { signal }),
    })
  }

  #showCrs(crs: CrsChoice | undefined): void {
    if (typeof crs === 'string') {
      const named = Object.entries(NAMES).find(([, name]) => name === crs)?.[0]
      this.crsKind = (named as CrsKind | undefined) ?? 'epsg'
      this.epsg = named === undefined ? crs : ''
    } else if (crs !== undefined && 'controlPoints' in crs) {
      this.crsKind = 'points'
      this.points = crs.controlPoints.map(({ x, y, lon, lat }) => ({
        x: String(x),
        y: String(y),
        lon: String(lon),
        lat: String(lat),
      }))
    }
  }

  #crs(): CrsChoice | undefined {
    if (this.crsKind === 'file') return undefined
    if (this.crsKind === 'epsg') return this.epsg.trim() === '' ? undefined : this.epsg.trim()
    if (this.crsKind !== 'points') return NAMES[this.crsKind]
    const typed = this.points.filter((point) => Object.values(point).every((text) => text.trim() !== ''))
    const controlPoints = typed.map(({ x, y, lon, lat }) => ({
      x: Number(x),
      y: Number(y),
      lon: Number(lon),
      lat: Number(lat),
    }))
    return controlPoints.length === 0 ? undefined : { controlPoints }
  }
}
