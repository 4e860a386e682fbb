/** Digits as people say them before a counter: 三号井, 十二栋, 一百零五号. */
const SAID_NUMBER = /[〇零一二两三四五六七八九十百]+(?=号|井|站|区|栋|幢|座|楼|单元|期|组)/gu
const DIGITS: Readonly<Record<string, number>> = {
  〇: 0,
  零: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
}

/**
 * Text as it is compared: full-width made narrow, lower case, said numbers as digits, nothing but
 * letters and digits (“３ 号-井” and “三号井” are both 3号井).
 */
export function comparable(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .replace(SAID_NUMBER, (said) => String(numberOf(said)))
}

function numberOf(said: string): number {
  let [sum, digit] = [0, 0]
  let digits = ''
  for (const sign of said) {
    if (sign === '百' || sign === '十') {
      sum += (digit === 0 ? 1 : digit) * (sign === '百' ? 100 : 10)
      digit = 0
    } else {
      digit = DIGITS[sign] ?? 0
      digits += String(digit)
    }
  }
  // 一二三 said sign by sign is 123, not a sum.
  return digits.length === said.length && said.length > 1 ? Number(digits) : sum + digit
}

const BETWEEN =
  /[\s,，。、;；:：/()（）\-—]+|与|和|及|至|交叉口|交汇处|十字路口|丁字路口|路口|附近|旁边|对面|门口|处/u
const STREET_OR_PLACE = /.+?(?:大街|大道|路|街|巷|道|小区|花园|家园|广场|村|号)|.+/gu

/**
 * The streets and landmarks that an address names: “迎宾路与学府街路口” → 迎宾路, 学府街. Single signs
 * say too little and are left out.
 */
export function placesNamed(address: string): readonly string[] {
  const parts = address.normalize('NFKC').split(BETWEEN)
  const words = parts.flatMap((part) => part.match(STREET_OR_PLACE) ?? []).map(comparable)
  return [...new Set(words.filter((word) => word.length >= 2))]
}

/** Share of neighbouring pairs of signs that two texts have in common (Dice), 0 … 1. */
export function likeness(a: string, b: string): number {
  const [left, right] = [pairsOf(a), pairsOf(b)]
  if (left.size === 0 || right.size === 0) return 0
  let shared = 0
  for (const pair of left) if (right.has(pair)) shared += 1
  return (2 * shared) / (left.size + right.size)
}

function pairsOf(text: string): ReadonlySet<string> {
  const pairs = new Set<string>()
  for (let i = 1; i < text.length; i++) pairs.add(text.slice(i - 1, i + 1))
  return pairs
}
