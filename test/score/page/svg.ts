/** Small means to draw: strings of SVG, colours by class, so that the page's style decides. */
export interface Scale {
  (value: number): number
  readonly ticks: readonly number[]
}

export function linear(
  [from, to]: readonly [number, number],
  [a, b]: readonly [number, number],
  ticks: readonly number[],
): Scale {
  const scale = (value: number) => a + ((value - from) / (to - from)) * (b - a)
  return Object.assign(scale, { ticks })
}

export function logarithmic(
  [from, to]: readonly [number, number],
  [a, b]: readonly [number, number],
  ticks: readonly number[],
): Scale {
  const scale = (value: number) =>
    a + (Math.log(Math.max(value, from) / from) / Math.log(to / from)) * (b - a)
  return Object.assign(scale, { ticks })
}

export function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c)
}

type Attributes = Readonly<Record<string, string | number>>

export function tag(name: string, attributes: Attributes, inner = ''): string {
  const text = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escapeText(value)}"`,
  )
  return `<${name}${text.join('')}>${inner}</${name}>`
}

export function label(x: number, y: number, text: string, more: Attributes = {}): string {
  return tag('text', { x, y, ...more }, escapeText(text))
}

export function line(x1: number, y1: number, x2: number, y2: number): (kind: string) => string {
  return (kind) => tag('line', { x1, y1, x2, y2, class: kind })
}

/** A drawing with a name for those who cannot see it. */
export function drawing(width: number, height: number, title: string, inner: string): string {
  return tag(
    'svg',
    { viewBox: `0 0 ${String(width)} ${String(height)}`, role: 'img', 'aria-label': title },
    inner,
  )
}

/** Ticks of the lower axis with their grid lines. */
export function lowerAxis(
  scale: Scale,
  box: { top: number; bottom: number },
  name: (tick: number) => string,
): string {
  return scale.ticks
    .map(
      (tick) =>
        line(scale(tick), box.top, scale(tick), box.bottom)('grid') +
        label(scale(tick), box.bottom + 16, name(tick), { class: 'tick', 'text-anchor': 'middle' }),
    )
    .join('')
}

export function leftAxis(
  scale: Scale,
  box: { left: number; right: number },
  name: (tick: number) => string,
): string {
  return scale.ticks
    .map(
      (tick) =>
        line(box.left, scale(tick), box.right, scale(tick))('grid') +
        label(box.left - 8, scale(tick) + 4, name(tick), { class: 'tick', 'text-anchor': 'end' }),
    )
    .join('')
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10)
}
