import { expect, it } from 'vitest'
import Type from 'typebox'
import { documentation } from '../../server/http/core/documentation.ts'
import { createHttp } from '../../server/http/core/http.ts'
import { policyRoutes } from '../../server/http/tickets/policy-routes.ts'
import { CHINA_DAYS } from '../../server/domain/policy/china-days.ts'
import { WUDA } from '../../server/domain/policy/wuda.ts'
import { silentLog } from '../support/silent-log.ts'

it('documents the routes that are registered after it, with their schemas', async () => {
  const http = await createHttp({ log: silentLog, identify: async () => undefined })
  await documentation(http)
  await http.register(policyRoutes({ policy: WUDA, calendar: CHINA_DAYS }))
  await http.register((app) => {
    const querystring = Type.Object({ at: Type.String() })
    app.get('/api/v1/one', { schema: { querystring } }, () => ({}))
  })
  const { paths } = (await http.inject('/api/openapi.json')).json()
  expect(Object.keys(paths)).toEqual(['/api/v1/policy', '/api/v1/one'])
  expect(paths['/api/v1/one'].get.parameters).toMatchObject([{ name: 'at', in: 'query', required: true }])
  await http.close()
})
