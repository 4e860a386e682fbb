import { Ajv } from 'ajv'
import type { FastifySchemaCompiler } from 'fastify'
import formats from 'ajv-formats'
import { parseInstant } from '../../domain/instant.ts'

/**
 * Checks what a request carries by the schemas of its route. A query, a path and a head are text, so that
 * "3" may be a number there; a body says itself what it means, and `null` is neither '' nor 0.
 */
export function createValidators(): FastifySchemaCompiler<object> {
  const ofText = ajvWith({ coerceTypes: 'array' })
  const ofBody = ajvWith({ coerceTypes: false })
  return ({ schema, httpPart }) => (httpPart === 'body' ? ofBody : ofText).compile(schema)
}

function ajvWith(options: { readonly coerceTypes: 'array' | false }): Ajv {
  const ajv = new Ajv({ ...options, useDefaults: true, addUsedSchema: false })
  formats.default(ajv)
  return ajv.addFormat('date-time', (text) => parseInstant(text) !== undefined)
}
