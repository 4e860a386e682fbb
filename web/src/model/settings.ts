import type { LocalizedText } from '#contract/text.ts'

/** A figure that may be changed, as the server describes it. */
interface Setting {
  readonly title: LocalizedText
  readonly unit: string
  readonly default: number
  readonly min: number
  readonly max: number
}
export type Settings = Readonly<Record<string, Setting>>

/** Settings by the first word of their name, in the catalogue's order; those that match a search. */
export function settingGroups(
  settings: Settings,
  query: string,
): readonly { readonly group: string; readonly keys: readonly string[] }[] {
  const wanted = query.trim().toLowerCase()
  const keys = Object.keys(settings).filter((key) => {
    const setting = settings[key]
    if (setting === undefined) return false
    const words = `${key} ${setting.title.zh} ${setting.title.en}`
    return words.toLowerCase().includes(wanted)
  })
  const groups = Map.groupBy(keys, (key) => /^[a-z]+/.exec(key)?.[0] ?? key)
  return [...groups].map(([group, own]) => ({ group, keys: own }))
}

/** What was typed differs from the delivered value: only that is sent. Undefined for what is no number. */
export function changedSettings(
  settings: Settings,
  typed: Readonly<Record<string, string>>,
): Readonly<Record<string, number>> | undefined {
  const changed: Record<string, number> = {}
  for (const [key, text] of Object.entries(typed)) {
    const setting = settings[key]
    if (setting === undefined || text.trim() === '') continue
    const value = Number(text)
    if (!Number.isFinite(value) || value < setting.min || value > setting.max) return undefined
    if (value !== setting.default) changed[key] = value
  }
  return changed
}
