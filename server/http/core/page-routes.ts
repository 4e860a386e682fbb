import fastifyStatic from '@fastify/static'
import { existsSync } from 'node:fs'
import { refuse } from '#contract/problem.ts'
import { answer, type Http } from './http.ts'

const NOT_BUILT = '<!doctype html><meta charset="utf-8"><title>热网哨</title><p>页面尚未构建: npm run build'

/** The built page. Unknown paths outside the API are the page's own, so a deep link opens it. */
export function pageRoutes(root: string): (http: Http) => Promise<void> {
  return async (http) => {
    const built = existsSync(root)
    if (built) {
      await http.register(fastifyStatic, {
        root,
        dotfiles: 'ignore',
        // The build has put them beside the others.
        preCompressed: true,
        setHeaders(response, path) {
          const hashed = path.includes('/assets/')
          void response.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
        },
      })
    } else {
      http.get('/', (_request, reply) => reply.code(503).type('text/html').send(NOT_BUILT))
    }
    http.setNotFoundHandler((request, reply) => {
      const path = request.url.split('?')[0] ?? ''
      const forPage = built && request.method === 'GET' && !path.startsWith('/api/')
      if (forPage && request.headers.accept?.includes('text/html') === true)
        return reply.sendFile('index.html')
      return answer(reply, refuse('not-found', { zh: `没有 ${path}`, en: `there is no ${path}` }))
    })
  }
}
