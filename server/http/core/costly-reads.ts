import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { refuse, type Refusal } from '#contract/problem.ts'
import { actorOf, type Http } from './http.ts'
import { ProblemError } from './problem-error.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Reckons over all there is: one such read at a time. Left out: whether its query takes a span says so. */
    costly?: boolean
  }
  interface FastifyRequest {
    /** Gives the lane of costly reads back; undefined for whoever does not hold it. */
    leave: (() => void) | undefined
  }
}

/** For a route that reckons over everything; one whose query takes a span is costly of itself. */
export const COSTLY = { costly: true } as const

/** More of one person's questions than this are somebody's script. */
const MAX_WAITING_OF_ONE = 20

/**
 * Costly reads come one after the other, and the people who ask take turns: however many questions somebody
 * sends at once, devices are acknowledged between two of them, and other people's questions too.
 */
export function queueCostlyReads(http: Http, lane = createLane(MAX_WAITING_OF_ONE)): void {
  http.addHook('onRoute', (route) => {
    route.config = { ...route.config, costly: route.config?.costly ?? takesSpan(route) }
  })
  http.decorateRequest('leave', undefined)
  http.addHook('preHandler', async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.routeOptions.config.costly !== true) return
    const entered = await lane.enter(actorOf(request).id)
    if ('kind' in entered) throw new ProblemError(entered)
    request.leave = entered.leave
    reply.raw.once('close', entered.leave)
    if (!reply.raw.destroyed) return
    entered.leave()
    throw new ProblemError(refuse('bad-request', { zh: '提问者已离开', en: 'whoever asked has gone' }))
  })
  // The answer is made; however slowly it is read, it holds up nobody.
  http.addHook('onSend', async ({ leave }) => leave?.())
}

/** What names an instant, or a stretch between two, may be as far away as the calendar goes. */
function takesSpan({ method, schema }: RouteOptions): boolean {
  const { properties = {} } = (schema?.querystring ?? {}) as { readonly properties?: object }
  return [method].flat().includes('GET') && ['at', 'from', 'to'].some((name) => name in properties)
}

export interface Lane {
  /** Resolves when it is this person's turn; refused when too many of their questions wait. */
  enter(who: string): Promise<{ readonly leave: () => void } | Refusal>
}

export function createLane(maxWaitingOfOne: number): Lane {
  /** In the order of their turns: whoever was served last waits longest. */
  const waiting = new Map<string, (() => void)[]>()
  let isBusy = false

  async function next(): Promise<void> {
    // The loop has its turn even where each question is short.
    await nextTurn()
    const [first] = waiting
    if (first === undefined) {
      isBusy = false
      return
    }
    const [who, own] = first
    const begin = own.shift()
    waiting.delete(who)
    if (own.length > 0) waiting.set(who, own)
    begin?.()
  }

  return {
    async enter(who) {
      const own = waiting.get(who) ?? []
      if (own.length >= maxWaitingOfOne)
        return refuse('too-many-requests', {
          zh: '查询过多,请等前面的查询完成',
          en: 'too many queries at once; wait for those before',
        })
      if (isBusy) {
        await new Promise<void>((begin) => {
          own.push(begin)
          waiting.set(who, own)
        })
      }
      isBusy = true
      let isIn = true
      return {
        leave() {
          if (!isIn) return
          isIn = false
          void next()
        },
      }
    },
  }
}
