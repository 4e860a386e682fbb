import type { FastifyRequest } from 'fastify'
import type { Refusal } from '#contract/problem.ts'
import { refuseBody } from './shape.ts'

/**
 * What is wrong with a body, for routes that judge rights first (`attachValidation`). A missing field is
 * a 422 that names it, anything else a 400.
 */
export function wrongBody({ validationError }: FastifyRequest, clause?: string): Refusal | undefined {
  return validationError === undefined ? undefined : refuseBody(validationError.validation, clause)
}

/** A page size within bounds. */
export function pageSize(limit: number | undefined): number {
  return Math.min(Math.max(limit ?? 50, 1), 200)
}
