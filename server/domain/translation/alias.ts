import { ALIAS_KINDS, MAX_ALIAS_CHARS } from '#contract/profiles.ts'

/**
 * An alias as it is compared: `kind:value` in lower case, the value without white space around it, and a
 * DevEUI without the dashes and colons that some labels carry. Undefined when it is none.
 */
export function plainAlias(raw: string): string | undefined {
  if (raw.length > 2 * MAX_ALIAS_CHARS) return undefined
  const text = raw.trim().toLowerCase()
  const colon = text.indexOf(':')
  const kind = ALIAS_KINDS.find((known) => known === text.slice(0, colon))
  const said = text.slice(colon + 1).trim()
  const value = kind === 'dev_eui' ? said.replaceAll(/[-:\s]/g, '') : said
  if (kind === undefined || value === '' || /\p{C}/u.test(value)) return undefined
  const alias = `${kind}:${value}`
  return alias.length <= MAX_ALIAS_CHARS ? alias : undefined
}
