import type { ImportGroup } from '#contract/import-mistake.ts'

import type { Finding } from './source-layer.ts'

const MAX_SHOWN = 5

/** Findings of one kind together, the most frequent first, each with its first places. */
export function groupFindings(findings: readonly Finding[]): ImportGroup[] {
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    const key = withoutNames(finding.message.zh)
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [finding])
    else known.push(finding)
  }
  return [...groups.values()]
    .sort((a, b) => b.length - a.length)
    .map((all): ImportGroup => ({
      message: all[0]?.message.zh ?? '',
      messageEn: all[0]?.message.en ?? '',
      count: all.length,
      first: all
        .slice(0, MAX_SHOWN)
        .map(({ message: _, at, ...place }) => ({
          ...place,
          ...(at === undefined ? {} : { at: [at[0], at[1]] as [number, number] }),
        })),
    }))
}

/** A sentence without the ids and numbers in it: those of one kind differ in these only. */
function withoutNames(text: string): string {
  return text.replaceAll(/[\w.:#+-]+|\[[^\]]*\]/g, '…')
}
