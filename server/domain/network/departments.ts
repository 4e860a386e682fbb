import { ID_PATTERN } from '#contract/identity.ts'
import type { AreaFeature } from '#contract/network.ts'
import { DEPARTMENTS } from '#contract/vocabulary.ts'
import type { Department } from './network.ts'

/** The departments that the policy itself names; they are always there. */
export const POLICY_DEPARTMENTS: readonly Department[] = [
  { id: DEPARTMENTS.networkOps, name: '管网运行部' },
  { id: DEPARTMENTS.networkEng, name: '管网工程部' },
  { id: DEPARTMENTS.dispatch, name: '调度中心' },
]

/**
 * Finds an area's department by id or name, or makes it. An id takes its name from the area (“城东” → 城东运营部);
 * a name gets an id made from it, for people's accounts need one.
 */
export function departmentOf(area: AreaFeature['properties'], known: Map<string, Department>): Department {
  const text = area.department
  const found = known.get(text) ?? [...known.values()].find(({ name }) => name === text)
  if (found !== undefined) return found
  const made = ID_PATTERN.test(text)
    ? { id: text, name: nameFrom(area.name ?? text) }
    : { id: unusedId(text, known), name: text }
  known.set(made.id, made)
  return made
}

function nameFrom(areaName: string): string {
  return areaName.endsWith('部') ? areaName : `${areaName}运营部`
}

/** An id made from the name's FNV-1a hash: the same name gives the same id in every import. */
function unusedId(name: string, known: ReadonlyMap<string, Department>): string {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  while (known.has(`dept-${hash.toString(36)}`)) hash = (hash + 1) >>> 0
  return `dept-${hash.toString(36)}`
}
