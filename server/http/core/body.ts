import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
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

/** Which page of a list is asked for, newest first. */
export const PAGE_QUERY = {
  cursor: Type.Optional(Type.String({ pattern: '^\\d{1,15}_.{1,100}$' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
}
