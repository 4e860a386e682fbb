export interface Token {
  readonly name: string
  readonly value: string
  /** What it is for; the style sheet says it once. */
  readonly purpose: string
}
export interface TokenGroup {
  readonly title: string
  readonly tokens: readonly Token[]
}

const ITEM =
  /\/\* — (?<title>.*?) — \*\/|--(?<name>[a-z0-9-]+):\s*(?<value>[^;]+);(?:\s*\/\*(?<purpose>.*?)\*\/)?/gs

/** Reads the tokens of the dark theme with their purposes from the style sheet itself, in its groups. */
export function parseTokens(css: string): readonly TokenGroup[] {
  const groups: { title: string; tokens: Token[] }[] = []
  const dark = css.slice(css.indexOf(':root'), css.indexOf("[data-theme='light']"))
  for (const { groups: found = {} } of dark.matchAll(ITEM)) {
    const { title, name, value = '', purpose = '' } = found
    if (title !== undefined) groups.push({ title, tokens: [] })
    else if (name !== undefined)
      groups
        .at(-1)
        ?.tokens.push({ name, value: value.replaceAll(/\s+/g, ' ').trim(), purpose: purpose.trim() })
  }
  return groups
}

/** How a token is shown: a patch of its colour, letters of its size, a bar of its length, or words only. */
export function tokenSort({ name, value }: Token): 'color' | 'type' | 'length' | 'words' {
  if (name.startsWith('t-')) return 'type'
  if (/^(#|rgb|var\(--(?:level|text))/.test(value)) return 'color'
  return /^[\d.]+(?:rem|px)$/.test(value) ? 'length' : 'words'
}
