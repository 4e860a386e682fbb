import type { FastifyRequest } from 'fastify'
import { refuse, type Refusal } from '#contract/problem.ts'

/**
 * What is wrong with a body, for routes that judge rights first (`attachValidation`). A missing field is
 * a 422 that names it, anything else a 400.
 */
export function wrongBody(request: FastifyRequest, clause?: string): Refusal | undefined {
  const error = request.validationError
  if (error === undefined) return undefined
  const found: readonly { readonly keyword: string; readonly params: Record<string, unknown> }[] =
    error.validation
  const missing = found.flatMap(({ keyword, params }) =>
    keyword === 'required' ? [String(params['missingProperty'])] : [],
  )
  if (missing.length === 0) return refuse('bad-request', error.message)
  const more = clause === undefined ? { missing } : { missing, clause }
  return refuse(
    'missing-field',
    { zh: `须填写: ${missing.join(', ')}`, en: `fill in: ${missing.join(', ')}` },
    more,
  )
}

/** A page size within bounds. */
export function pageSize(limit: number | undefined): number {
  return Math.min(Math.max(limit ?? 50, 1), 200)
}
