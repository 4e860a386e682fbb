import { readFileSync } from 'node:fs'
import type { Scenario } from '../../simulators/laboratory/scenario.ts'

/**
 * The corpus, split by seed. A rule may be tuned on `development`; thresholds are set
 * on `calibration`; `test` is frozen, its networks differ from their files, and nothing looks at it but
 * the figures.
 */
export const SPLIT_PARTS = ['development', 'calibration', 'test'] as const
/** `first-days`: new installations whose wells are found wet, warm and leaning. */
export const CORPUS_PARTS = [...SPLIT_PARTS, 'first-days'] as const
export type CorpusPart = (typeof CORPUS_PARTS)[number]

export const corpusFile = (part: CorpusPart): URL => new URL(`corpus/${part}.json`, import.meta.url)

export function readCorpus(part: CorpusPart): readonly Scenario[] {
  return JSON.parse(readFileSync(corpusFile(part), 'utf8')) as readonly Scenario[]
}
