import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import type { Figure } from './figure.ts'

/** Of the committed figures: each part with when and on what machine it was measured. */
interface Kept {
  readonly measuredAt: string
  readonly machine: string
  readonly load: number
  readonly figures: readonly Figure[]
}
type Results = Readonly<Record<string, Kept>>

/** Value by the figure's id. */
export function baseline(file: URL): ReadonlyMap<string, number> {
  const figures = Object.values(read(file)).flatMap((part) => part.figures)
  return new Map(figures.map(({ id, value }) => [id, value]))
}

/** Replaces the parts that were measured; the others stay. */
export function keepBaseline(file: URL, measured: Readonly<Record<string, readonly Figure[]>>): void {
  const machine = `${String(availableParallelism())} × ${cpus()[0]?.model ?? ''}, Node ${process.versions.node}`
  const kept = Object.entries(measured).map(([part, figures]): [string, Kept] => [
    part,
    {
      measuredAt: new Date().toISOString(),
      machine,
      load: Number((loadavg()[2] ?? 0).toFixed(1)),
      figures: figures.map((figure) => ({ ...figure, value: Number(figure.value.toPrecision(4)) })),
    },
  ])
  writeFileSync(file, `${JSON.stringify({ ...read(file), ...Object.fromEntries(kept) }, null, 2)}\n`)
}

function read(file: URL): Results {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : {}
}
