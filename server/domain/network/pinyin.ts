import { polyphonic } from 'pinyin-pro'

/** The readings of each sign of a text, tones left out: 重庆路 → [zhong, chong], [qing], [lu]. */
export type Syllables = readonly (readonly string[])[]

const readings = new Map<string, readonly string[]>()

/** Han signs by their readings (ü as v), letters and digits as themselves; the rest is left out. */
export function syllablesOf(text: string): Syllables {
  return [...text.normalize('NFKC').toLowerCase()].flatMap((sign) => {
    if (/^[a-z0-9]$/.test(sign)) return [[sign]]
    if (!/^\p{Script=Han}$/u.test(sign)) return []
    const known = readings.get(sign)
    if (known !== undefined) return [known]
    const [found = []] = polyphonic(sign, { toneType: 'none', type: 'array', v: true })
    // ü is typed as v by some and as u by others.
    const all = [...new Set(found.flatMap((one) => [one, one.replace('v', 'u')]))]
    readings.set(sign, all)
    return [all]
  })
}

/** `whole`: all of the text; `start`: its beginning; `within`: somewhere inside. */
export type Spoken = 'whole' | 'start' | 'within'

/**
 * Are these letters how a text, or a part of it, is spoken? Each sign may be spelt whole or begun: yingbinlu,
 * ybl and yingbl all mean 迎宾路. One letter says too little.
 */
export function spokenAs(asked: string, syllables: Syllables): Spoken | undefined {
  if (!/^[a-z][a-z0-9]+$/.test(asked)) return undefined
  const end = reached(asked, syllables, 0)
  if (end !== undefined) return end === syllables.length ? 'whole' : 'start'
  for (let at = 1; at < syllables.length; at++) {
    if (reached(asked, syllables, at) !== undefined) return 'within'
  }
  return undefined
}

/** The furthest that the letters beginning at `at` can reach (sh is 狮 as well as 狮换); undefined when they do not fit. */
function reached(asked: string, syllables: Syllables, at: number): number | undefined {
  if (asked === '') return at
  let furthest: number | undefined
  for (const reading of syllables[at] ?? []) {
    for (let length = commonStart(asked, reading); length > 0; length--) {
      const end = reached(asked.slice(length), syllables, at + 1)
      if (end !== undefined && end > (furthest ?? -1)) furthest = end
    }
  }
  return furthest
}

function commonStart(a: string, b: string): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length++
  return length
}
