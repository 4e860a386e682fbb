import type { Figure } from './figure.ts'

export function valueText({ value, unit }: Pick<Figure, 'value' | 'unit'>): string {
  if (value === undefined) return '–'
  return unit === '' ? value.toFixed(value === 1 || value === 0 ? 1 : 3) : `${short(value)} ${unit}`
}

export function targetText({ target, unit }: Pick<Figure, 'target' | 'unit'>, of: 'must' | 'aim'): string {
  if (target === undefined) return ''
  return `${target.at === 'most' ? '≤' : '≥'} ${short(target[of])}${unit === '' ? '' : ` ${unit}`}`
}

export function intervalText({ interval }: Pick<Figure, 'interval'>): string {
  return interval === undefined ? '' : `${short(interval[0])} … ${short(interval[1])}`
}

/** How a figure moved since it was committed; `better` undefined: it has no good side. */
export function changeOf(
  { value, target }: Pick<Figure, 'value' | 'target'>,
  before: number | undefined,
): { readonly text: string; readonly better?: boolean } {
  if (value === undefined || before === undefined) return { text: '' }
  const moved = value - before
  if (Math.abs(moved) <= 0.0005 * Math.max(1, Math.abs(before))) return { text: '=' }
  const text = `${moved > 0 ? '+' : '−'}${short(Math.abs(moved))}`
  return target === undefined ? { text } : { text, better: moved > 0 === (target.at === 'least') }
}

function short(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3
  return Number(value.toFixed(digits)).toString()
}
