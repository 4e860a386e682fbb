import type { Palette } from './palette.ts'

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
    distant: 'wall' in document.documentElement.dataset,
    rimmed: matchMedia('(max-width: 1099px)').matches || 'wall' in document.documentElement.dataset,
  }
}
