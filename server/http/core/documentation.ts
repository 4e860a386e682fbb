import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { Http } from './http.ts'
import { insidersOnly } from './insiders.ts'

/**
 * OpenAPI from the routes' own schemas, and a page to read it. Called on the root before any route: a
 * registered plugin would only see its own.
 */
export async function documentation(http: Http): Promise<void> {
  await http.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Wellwatch 热网哨',
        version: '1',
        description:
          'Incidents, tickets, hotline calls and readings of a heating network. Errors are RFC 9457 problems.',
      },
      components: {
        securitySchemes: {
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'wellwatch_session',
            description: 'Behind TLS the cookie is `__Host-wellwatch_session`.',
          },
          key: { type: 'http', scheme: 'bearer' },
          device: { type: 'http', scheme: 'basic' },
        },
      },
    },
  })
  const onRequest = insidersOnly()
  await http.register(async (inside) => {
    inside.addHook('onRequest', onRequest)
    await inside.register(swaggerUi, { routePrefix: '/api/docs', staticCSP: true })
  })
  http.get('/api/openapi.json', { schema: { hide: true }, onRequest }, () => http.swagger())
}
