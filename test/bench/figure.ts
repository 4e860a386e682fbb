/** One thing that the product promises of its speed or safety, and what was measured. */
export interface Figure {
  readonly id: string
  readonly what: string
  readonly value: number
  readonly unit: string
  /** Undefined: told, not promised. */
  readonly target?: { readonly at: 'most' | 'least'; readonly value: number }
}

export function holds({ value, target }: Figure): boolean | undefined {
  if (target === undefined) return undefined
  return target.at === 'most' ? value <= target.value : value >= target.value
}

export function targetText({ target, unit }: Figure): string {
  if (target === undefined) return ''
  return `${target.at === 'most' ? '≤' : '≥'} ${number(target.value)} ${unit}`.trimEnd()
}

export function valueText({ value, unit }: Figure): string {
  return `${number(value)} ${unit}`.trimEnd()
}

function number(value: number): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toLocaleString('en-US', { maximumFractionDigits: digits })
}

/** How a part of the benchmark is asked, and how it tells what it is doing. */
export interface Run {
  /** The short form: fewer rounds, shorter loads. */
  readonly quick: boolean
  say(text: string): void
}

export type Part = (run: Run) => Promise<readonly Figure[]>

/** The value below which a share of all lies; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
