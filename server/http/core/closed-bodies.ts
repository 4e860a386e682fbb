import type { RouteOptions } from 'fastify'

type Schema = Readonly<Record<string, unknown>>

/**
 * A route owns its fields: whatever else a body carries is a mistake that is told, and reaches nothing behind
 * the route. For a hook on the root; a schema that says otherwise itself is left as it is.
 */
export function closeBody(route: RouteOptions): void {
  const { schema } = route
  if (schema?.body !== undefined) route.schema = { ...schema, body: closed(schema.body) }
}

function closed(schema: unknown): unknown {
  if (!isSchema(schema)) return schema
  const { properties, patternProperties, items, anyOf, ...rest } = schema
  const isObject = properties !== undefined || patternProperties !== undefined
  return {
    ...(isObject ? { additionalProperties: false } : {}),
    ...rest,
    ...(isSchema(properties) ? { properties: eachClosed(properties) } : {}),
    ...(isSchema(patternProperties) ? { patternProperties: eachClosed(patternProperties) } : {}),
    ...(items === undefined ? {} : { items: Array.isArray(items) ? items.map(closed) : closed(items) }),
    ...(Array.isArray(anyOf) ? { anyOf: anyOf.map(closed) } : {}),
  }
}

function eachClosed(schemas: Schema): Schema {
  return Object.fromEntries(Object.entries(schemas).map(([name, each]) => [name, closed(each)]))
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
