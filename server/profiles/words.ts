import type { RejectReason } from '#contract/telemetry.ts'
import type { LocalizedText } from '#contract/text.ts'

const BODIES: Partial<Record<RejectReason, LocalizedText>> = {
  empty: { zh: '报文是空的', en: 'the message is empty' },
  too_large: { zh: '报文超过 64 KiB', en: 'the message is larger than 64 KiB' },
  too_deep: { zh: '报文嵌套过深', en: 'the message nests too deep' },
  not_utf8: { zh: '报文不是 UTF-8 文字', en: 'the message is no UTF-8 text' },
  not_json: { zh: '报文不是 JSON', en: 'the message is no JSON' },
}

export const TOO_SLOW: LocalizedText = {
  zh: '表达式运行超时: 请检查是否有死循环',
  en: 'the expression took too long: look for a loop that never ends',
}
export const TOO_GREEDY: LocalizedText = {
  zh: '表达式耗尽了允许的内存',
  en: 'the expression took all the memory that it may have',
}
const TOO_LARGE: LocalizedText = { zh: '表达式给出的结果过大', en: 'what the expression gives is too large' }
const TOO_DEEP: LocalizedText = {
  zh: '表达式递归过深: 请检查是否有不会结束的递归',
  en: 'the expression calls itself too deep: look for a recursion that never ends',
}
const TOO_LONG: LocalizedText = {
  zh: '表达式生成的列表过长',
  en: 'the expression makes a list that is too long',
}
/** Of the library's limits by its codes. */
const LIMITS: Readonly<Record<string, LocalizedText>> = {
  D1011: TOO_DEEP,
  D1012: TOO_SLOW,
  D2014: TOO_LONG,
  D2015: TOO_LONG,
}

export function saidOfBody(reason: RejectReason): LocalizedText {
  return BODIES[reason] ?? { zh: '报文不能读取', en: 'the message cannot be read' }
}

/** The library's own words, with the place: they name functions and types, which are English. */
export function saidOfError(error: unknown): LocalizedText {
  if (error instanceof RangeError) return TOO_DEEP
  const { code, message, position, name } = error as {
    code?: string
    message?: string
    position?: number
    name?: string
  }
  if (name === 'TooLarge') return TOO_LARGE
  const limit = code === undefined || !Object.hasOwn(LIMITS, code) ? undefined : LIMITS[code]
  if (limit !== undefined) return limit
  const said = (message ?? String(error)).slice(0, 300)
  const at = typeof position === 'number' ? String(position) : undefined
  return {
    zh: at === undefined ? `表达式有误: ${said}` : `表达式第 ${at} 个字符处有误: ${said}`,
    en:
      at === undefined
        ? `the expression is wrong: ${said}`
        : `the expression is wrong at character ${at}: ${said}`,
  }
}
