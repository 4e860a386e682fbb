import type { LocalizedText } from '#contract/text.ts'
import { assetOf, assetWords } from '../../network/assets.ts'
import type { Network } from '../../network/network.ts'
import { instantText, type Instant } from '../../instant.ts'

/** Sources as people call them, several in a row; what is not in the network by its id. */
export function sourceWords(network: Network, ids: readonly string[]): LocalizedText {
  const words = ids.map((id) => {
    const asset = assetOf(network, id)
    return asset === undefined ? { zh: id, en: id } : assetWords(asset)
  })
  return { zh: words.map(({ zh }) => zh).join('、'), en: words.map(({ en }) => en).join(', ') }
}

/** 01-15 22:50, the wall clock of the dispatch room. */
export function momentWords(at: Instant): string {
  return instantText(at).slice(5, 16).replace('T', ' ')
}

/** A figure as it is read aloud: at most `digits` decimals, no trailing zeros, a real minus. */
export function figure(value: number, digits = 1): string {
  return String(Number(value.toFixed(digits))).replace('-', '−')
}

/** How long, in the larger unit that fits. */
export function spanWords(ms: number): LocalizedText {
  const minutes = ms / 60_000
  if (minutes < 2) return { zh: `${figure(ms / 1000, 0)} 秒`, en: `${figure(ms / 1000, 0)} s` }
  if (minutes < 120) return { zh: `${figure(minutes, 0)} 分钟`, en: `${figure(minutes, 0)} min` }
  return { zh: `${figure(minutes / 60)} 小时`, en: `${figure(minutes / 60)} h` }
}

/** Both languages side by side, with the same additions. */
export function joinWords(...parts: readonly LocalizedText[]): LocalizedText {
  return { zh: parts.map((part) => part.zh).join(''), en: parts.map((part) => part.en).join('') }
}
