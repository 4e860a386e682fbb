import type { Mistake } from './shape-mistakes.ts'
import type { PolicyPack } from './policy-pack.ts'

/** What of a pack is different elsewhere: any part of it, null for what does not hold there. */
export type Difference<Part> = Part extends readonly unknown[]
  ? Part
  : Part extends object
    ? { readonly [Key in keyof Part]?: Difference<Part[Key]> | null }
    : Part

type Json = Readonly<Record<string, unknown>>

/** Another city's pack: the first one with what is different (JSON Merge Patch, RFC 7396: lists are replaced whole). */
export function extendPack(base: PolicyPack, difference: Difference<PolicyPack>): PolicyPack {
  // Only the check of the whole can tell; a built-in pack is checked by its test.
  return merge(base, difference) as PolicyPack
}

/** The whole pack that a file stands for: itself, or the built-in one that it `extends` with its differences. */
export function wholePack(
  file: unknown,
  packs: ReadonlyMap<string, PolicyPack>,
): { readonly pack: unknown } | { readonly mistakes: readonly Mistake[] } {
  if (!isObject(file) || !Object.hasOwn(file, 'extends')) return { pack: file }
  const { extends: name, ...difference } = file
  const base = typeof name === 'string' ? packs.get(name) : undefined
  const missing = ['id', 'title'].filter((key) => difference[key] === undefined)
  const mistakes = missing.map((path) => ({
    path,
    message: 'is missing: a pack that extends another is not that one',
  }))
  if (base !== undefined && mistakes.length === 0) return { pack: merge(base, difference) }
  const unknown = { path: 'extends', message: `must be one of ${[...packs.keys()].join(', ')}` }
  return { mistakes: base === undefined ? [unknown, ...mistakes] : mistakes }
}

function merge(base: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const merged = new Map(Object.entries(isObject(base) ? base : {}))
  for (const [key, part] of Object.entries(patch)) {
    if (part === null) merged.delete(key)
    else merged.set(key, merge(merged.get(key), part))
  }
  return Object.fromEntries(merged)
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
