/** The tokens that the map's canvas needs as values. */
export interface Palette {
  readonly ground: string
  readonly panel: string
  readonly hair: string
  readonly line: string
  readonly text1: string
  readonly text2: string
  readonly text3: string
  readonly normal: string
  readonly stale: string
  readonly cold: string
  readonly primarySupply: string
  readonly primaryReturn: string
  readonly secondarySupply: string
  readonly secondaryReturn: string
  /** Families in the order of preference; the map draws its letters from them itself. */
  readonly fonts: readonly string[]
  /** Root size over 16 px: a wall's letters are larger. */
  readonly scale: number
  /** A larger root shows the same picture at a higher zoom; steps by zoom move with it. */
  readonly zoomShift: number
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const scale = Number.parseFloat(style.fontSize) / 16
  return {
    ground: token('surface-map'),
    panel: token('surface-panel'),
    hair: token('line-hair'),
    line: token('line-strong'),
    text1: token('text-1'),
    text2: token('text-2'),
    text3: token('text-3'),
    normal: token('state-normal'),
    stale: token('state-stale'),
    cold: token('net-cold'),
    primarySupply: token('net-primary-supply'),
    primaryReturn: token('net-primary-return'),
    secondarySupply: token('net-secondary-supply'),
    secondaryReturn: token('net-secondary-return'),
    fonts: token('font')
      .split(',')
      .map((family) => family.trim().replaceAll(/['"]/g, '')),
    scale,
    zoomShift: Math.log2(scale),
  }
}
