import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import type { Figure } from './figure.ts'

/** The committed figures: each part with when and on what machine it was measured. */
const FILE = new URL('./results.json', import.meta.url).pathname

interface Kept {
  readonly measuredAt: string
  readonly machine: string
  readonly load: number
  readonly figures: readonly Figure[]
}
type Results = Readonly<Record<string, Kept>>

/** Value by the figure's id. */
export function baseline(): ReadonlyMap<string, number> {
  const figures = Object.values(read()).flatMap((part) => part.figures)
  return new Map(figures.map(({ id, value }) => [id, value]))
}

/** Replaces the parts that were measured; the others stay. */
export function keepBaseline(measured: Readonly<Record<string, readonly Figure[]>>): void {
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
  writeFileSync(FILE, `${JSON.stringify({ ...read(), ...Object.fromEntries(kept) }, null, 2)}\n`)
}

function read(): Results {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Results) : {}
}
