import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify'
import { isRefusal, problemOf, refuse, type Refusal } from '#contract/problem.ts'
import { API, ROUTES } from '#contract/routes.ts'
import type { Role } from '#contract/vocabulary.ts'
import type { Person } from '../../domain/access/actor.ts'
import { DamagedRow, StoreUnavailable, type Log } from '../../flows/ports.ts'
import { compressAnswers } from './compression.ts'
import { closeBody } from './closed-bodies.ts'
import { isThisMachine, NOT_SIGNED_IN } from './insiders.ts'
import { jsonBodies } from './json-body.ts'
import { onlyOwnHosts } from './own-hosts.ts'
import { ProblemError } from './problem-error.ts'
import { refuseShape } from './shape.ts'
import { createValidators } from './validators.ts'

export type Http = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

export const SESSION_COOKIE = 'wellwatch_session'
/** A browser takes it from this very host over TLS alone: no neighbour and no plain page can plant one. */
const HOST_COOKIE = `__Host-${SESSION_COOKIE}`

export function sessionCookieName({ protocol }: FastifyRequest): string {
  return protocol === 'https' ? HOST_COOKIE : SESSION_COOKIE
}

/** What the browser holds as its session; undefined when it holds none. */
export function sessionToken(request: FastifyRequest): string | undefined {
  return request.cookies[sessionCookieName(request)]
}

declare module 'fastify' {
  interface FastifyInstance {
    clauses: Readonly<Record<string, string>>
  }
  interface FastifyRequest {
    /** Who asks; undefined when nobody has signed in. */
    actor: Person | undefined
  }
}

/** The signed-in person, or a 401. */
export function actorOf(request: FastifyRequest): Person {
  if (request.actor === undefined) throw new ProblemError(NOT_SIGNED_IN)
  return request.actor
}

/** The signed-in person with one of these roles, or a 403. */
export function actorWith(request: FastifyRequest, ...roles: readonly Role[]): Person {
  const actor = actorOf(request)
  if (!actor.roles.some((role) => roles.includes(role))) {
    const names = roles.join(', ')
    throw new ProblemError(
      refuse('not-your-right', {
        zh: `需要以下角色之一: ${names}`,
        en: `this takes one of the roles ${names}`,
      }),
    )
  }
  return actor
}

/** For a route's `onRequest`: rights are judged before a body is read. */
export function only(...roles: readonly Role[]): (request: FastifyRequest) => Promise<void> {
  return async (request) => void actorWith(request, ...roles)
}

/** Sends a value, or a refusal as `application/problem+json`. */
export function answer(reply: FastifyReply, result: unknown, status = 200): FastifyReply {
  if (!isRefusal(result)) return reply.code(status).send(result)
  const problem = problemOf(cited(result, reply.server.clauses))
  return reply.code(problem.status).type('application/problem+json').send(problem)
}

/** A rule may cite the pack's clause by its key: what that is called stands in the policy in force. */
function cited(refusal: Refusal, clauses: Readonly<Record<string, string>>): Refusal {
  const { clause = '' } = refusal
  return Object.hasOwn(clauses, clause) ? { ...refusal, clause: clauses[clause] ?? clause } : refusal
}

export interface HttpOptions {
  readonly log: Log
  /** The clauses of the policy in force by their keys. */
  readonly clauses?: Readonly<Record<string, string>>
  /** Finds the person behind a session cookie or a bearer key. */
  readonly identify: (token: string) => Promise<Person | undefined>
  /** Origins of a basemap that lies elsewhere: the only strangers that the page may ask. */
  readonly mapOrigins?: readonly string[]
  /** Names by which browsers may ask, beside addresses and those that no stranger can own. */
  readonly publicNames?: readonly string[]
  /** Addresses and ranges of proxies whose word on the caller's address and on TLS is taken, by commas. */
  readonly trustedProxies?: string
  /** For the head of a request, ms; the whole of it may take as long as the largest import needs. */
  readonly headMs?: number
}

const HEAD_MS = 15_000
const WHOLE_MS = 300_000

/** The Fastify base that every area's routes are registered on. */
export async function createHttp(options: HttpOptions): Promise<Http> {
  const { headMs = HEAD_MS } = options
  const app: Http = Fastify({
    // Who says a letter a second holds a connection no longer than anybody else.
    http: { headersTimeout: headMs, connectionsCheckingInterval: headMs / 3 },
    requestTimeout: WHOLE_MS,
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: true,
    trustProxy:
      options.trustedProxies === undefined || options.trustedProxies === '' ? false : options.trustedProxies,
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(createValidators())

  jsonBodies(app)
  await app.register(cookie)
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        // Attributes alone: Svelte writes some. A style sheet comes from here or not at all.
        styleSrc: ["'self'"],
        styleSrcElem: ["'self'"],
        styleSrcAttr: ["'unsafe-inline'"],
        fontSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:', ...(options.mapOrigins ?? [])],
        workerSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'", ...(options.mapOrigins ?? [])],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        upgradeInsecureRequests: null,
      },
    },
    strictTransportSecurity: false,
  })

  app.decorate('clauses', options.clauses ?? {})
  app.decorateRequest('actor', undefined)
  const refuseForeignHost = onlyOwnHosts(options.publicNames ?? [], options.log)
  app.addHook('onRequest', async (request) => {
    refuseTwoHosts(request)
    refuseForeignHost(request)
    refuseForeignOrigin(request)
    refuseEncoded(request)
    const token = tokenOf(request)
    if (token !== undefined) request.actor = here(request, await options.identify(token))
    refuseStrangers(request)
    refuseOtherRoutes(request)
  })
  app.addHook('onRoute', closeBody)
  compressAnswers(app)
  app.addHook('preValidation', async (request) => {
    // Who sends nothing is told what is missing.
    if (request.routeOptions.schema?.body !== undefined) request.body ??= {}
  })
  app.addHook('preHandler', async (request) => {
    refuseEndless(request)
  })
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const refusal = refusalOf(error)
    if (refusal.code === 'internal' || refusal.code === 'unavailable') {
      options.log.error({ err: error, url: request.url, method: request.method }, 'request failed')
    }
    return answer(reply, refusal)
  })
  return app
}

/** A key that another system holds is worth what it was given for, should it be lost. */
function refuseOtherRoutes({ actor, routeOptions }: FastifyRequest): void {
  if (actor?.onlyRoutes?.includes(routeOptions.url ?? '') ?? true) return
  const name = actor?.name ?? ''
  throw new ProblemError(
    refuse('not-your-right', {
      zh: `${name}的密钥不能用于此接口`,
      en: `the key of ${name} is not for this route`,
    }),
  )
}

/** A key of this machine's own commands is worth nothing elsewhere, should it be lost. */
function here(request: FastifyRequest, actor: Person | undefined): Person | undefined {
  return actor?.onlyHere === true && !isThisMachine(request) ? undefined : actor
}

/** What a request holds as its session or key, as a program sends it or a browser. */
export function tokenOf(request: FastifyRequest): string | undefined {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  return bearer ?? sessionToken(request)
}

/** Of two Host lines a proxy may believe the other one (RFC 9112 §3.2). */
function refuseTwoHosts({ raw }: FastifyRequest): void {
  const hosts = raw.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host')
  if (hosts.length > 1)
    throw new ProblemError(refuse('bad-request', { zh: 'Host 重复', en: 'Host is given twice' }))
}

/** A page of another origin must not act in a signed-in person's name; no Origin means no browser. */
function refuseForeignOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers
  if (origin === undefined || request.method === 'GET' || request.method === 'HEAD') return
  if (URL.canParse(origin) && new URL(origin).host === host) return
  throw new ProblemError(
    refuse('wrong-origin', { zh: '请求来自其他网站', en: 'the request comes from another website' }),
  )
}

/** Signing in and out, the first administrator with the code of the terminal, devices and gateways, who have secrets of their own. */
const OPEN_ROUTES: ReadonlySet<string> = new Set([
  ROUTES.session,
  ROUTES.setup,
  `${API}/device/:id/telemetry`,
  ROUTES.push,
])

/**
 * The API is closed where a route does not say otherwise, before anything of the request is looked at;
 * and a screen that hangs on a wall changes nothing, whatever its session is used for.
 */
function refuseStrangers({ actor, method, routeOptions }: FastifyRequest): void {
  const route = routeOptions.url ?? ''
  if (!route.startsWith(`${API}/`) || OPEN_ROUTES.has(route)) return
  if (actor === undefined) throw new ProblemError(NOT_SIGNED_IN)
  const reads = method === 'GET' || method === 'HEAD'
  if (!reads && actor.roles.length > 0 && actor.roles.every((role) => role === 'wall')) {
    throw new ProblemError(
      refuse('not-your-right', { zh: '大屏只能查看', en: 'the screen on the wall can only read' }),
    )
  }
}

/** `limit=1e400` becomes Infinity after its type was judged, and bounds hold for finite numbers only. */
function refuseEndless({ query }: FastifyRequest): void {
  const found = Object.entries(query as object).find(([, value]) => Math.abs(value as number) === Infinity)
  if (found !== undefined)
    throw new ProblemError(refuse('bad-request', { zh: `${found[0]} 过大`, en: `${found[0]} is too large` }))
}

/** Nothing is unpacked here, so nothing can be packed to burst. */
function refuseEncoded({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding.trim().toLowerCase() === 'identity') return
  throw new ProblemError(
    refuse('unsupported-encoding', { zh: '请求内容不得压缩', en: 'the body of a request is not compressed' }),
  )
}

/** No room, no rights, no life, no file left to open: of the server’s disk, none of the asker’s doing. */
const DISK_REFUSES: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EMFILE', 'ENFILE'])

function refusalOf(error: FastifyError): Refusal {
  if (error instanceof ProblemError) return error.refusal
  if (error.validation !== undefined) return refuseShape(error.validation)
  if (error.statusCode === 413)
    return refuse('too-large', { zh: '请求内容过大', en: 'the request is too large' })
  if (error.statusCode !== undefined && error.statusCode < 500)
    return refuse('bad-request', { zh: `请求不正确: ${error.message}`, en: error.message })
  if (error instanceof StoreUnavailable || DISK_REFUSES.has(error.code)) {
    return refuse('unavailable', {
      zh: '服务器暂时不能保存,请稍后再试',
      en: 'the server cannot save at this moment; try again in a while',
    })
  }
  if (error instanceof DamagedRow)
    return refuse('internal', {
      zh: `数据库中的记录已损坏,无法读取: ${error.message}`,
      en: `a row of the database cannot be read: ${error.message}`,
    })
  return refuse('internal', {
    zh: '服务器内部错误,已记录',
    en: 'a mistake of the server, written to its log',
  })
}
