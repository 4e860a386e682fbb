import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { CorpusPart } from './corpus.ts'
import type { Figure } from './figure.ts'

/** The committed figures, by part of the corpus. */
const FILE = new URL('./results.json', import.meta.url).pathname

interface Kept {
  readonly measuredAt: string
  readonly scenarios: number
  readonly figures: readonly Figure[]
}
type Results = Readonly<Partial<Record<CorpusPart, Kept>>>

function readResults(): Results {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Results) : {}
}

/** Value by the figure's id, as committed. */
export function committed(part: CorpusPart): ReadonlyMap<string, number> {
  const figures = readResults()[part]?.figures ?? []
  return new Map(figures.flatMap(({ id, value }) => (value === undefined ? [] : [[id, value] as const])))
}

/** Replaces the parts that were measured; the others stay. */
export function keepResults(
  measured: Readonly<Partial<Record<CorpusPart, readonly Figure[]>>>,
  scenarios: number,
): void {
  const measuredAt = new Date().toISOString()
  const kept = Object.entries(measured).map(([part, figures]) => [
    part,
    { measuredAt, scenarios, figures: figures.map(rounded) } satisfies Kept,
  ])
  writeFileSync(FILE, `${JSON.stringify({ ...readResults(), ...Object.fromEntries(kept) }, null, 2)}\n`)
}

function rounded(figure: Figure): Figure {
  const short = (value: number) => Number(value.toPrecision(4))
  return {
    ...figure,
    ...(figure.value === undefined ? {} : { value: short(figure.value) }),
    ...(figure.interval === undefined
      ? {}
      : { interval: [short(figure.interval[0]), short(figure.interval[1])] }),
  }
}
