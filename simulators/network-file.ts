import { readFile } from 'node:fs/promises'
import type { NetworkFile } from '#contract/network.ts'
import { PROPERTIES_BY_KIND } from '#contract/network.ts'
import type { Refusal } from '#contract/problem.ts'
import { refuse } from '#contract/problem.ts'
import { Errors } from 'typebox/value'

const SHOWN = 5

/** Reads a network file; refused with the first mistakes named. */
export async function readNetworkFile(path: string): Promise<NetworkFile | Refusal> {
  const text = await readFile(path, 'utf8').catch((error: unknown) =>
    refuse('not-found', { zh: reasonOf(error), en: reasonOf(error) }),
  )
  if (typeof text !== 'string') return text
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch (error) {
    return refuse('bad-network', {
      zh: `${path} 不是 JSON: ${reasonOf(error)}`,
      en: `${path} is not JSON: ${reasonOf(error)}`,
    })
  }
  const mistakes = mistakesOf(file)
  const said = `${path}: ${mistakes.slice(0, SHOWN).join('; ')}`
  if (mistakes.length > 0) return refuse('bad-network', { zh: said, en: said })
  return file as NetworkFile
}

function mistakesOf(file: unknown): readonly string[] {
  const features = typeof file === 'object' && file !== null && 'features' in file ? file.features : undefined
  if (!Array.isArray(features)) return ['not a FeatureCollection']
  return features.flatMap((feature: unknown, i) => {
    const { kind, id, geometry, properties } = partsOf(feature)
    if (geometry === undefined) return [`feature ${i}: no geometry`]
    if (!Object.hasOwn(PROPERTIES_BY_KIND, kind)) return [`feature ${i}: unknown kind “${kind}”`]
    const errors = Errors(PROPERTIES_BY_KIND[kind as keyof typeof PROPERTIES_BY_KIND], properties)
    return errors.map((error) => `${id}${error.instancePath}: ${error.message}`)
  })
}

function partsOf(feature: unknown) {
  const { geometry, properties } = (feature ?? {}) as {
    geometry?: unknown
    properties?: Record<string, unknown>
  }
  const { kind, id } = properties ?? {}
  return { geometry, properties, kind: String(kind), id: String(id) }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
