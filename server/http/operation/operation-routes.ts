import Type from 'typebox'
import { InstantText } from '#contract/identity.ts'
import type { Readiness, SystemHealth } from '#contract/live.ts'
import { refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import type { Person } from '../../domain/access/actor.ts'
import type { MissingPart } from '../../domain/self-monitoring/set-up.ts'
import type { PartTrouble } from '../../domain/self-monitoring/trouble.ts'
import { instantText, type Instant } from '../../domain/instant.ts'
import type { Clock } from '../../flows/ports.ts'
import { actorOf, answer, only, type Http } from '../core/http.ts'
import { insidersOnly } from '../core/insiders.ts'
import { instantOf } from '../core/times.ts'

export interface OperationRoutesOptions {
  readonly clock: Clock
  readonly health: (viewer: Person) => SystemHealth
  /** Awaits a screen on a wall no longer; false where there is none. */
  readonly retireWall: (id: string) => boolean
  /** What does not work at this moment. */
  readonly troubles: () => readonly PartTrouble[]
  /** What nobody has set up yet. */
  readonly missing: () => Promise<readonly MissingPart[]>
  /** Text in Prometheus' exposition format. */
  readonly metrics: () => Promise<string>
  /** Bearer key of the collector of measurements; empty for none. */
  readonly metricsKey?: string
  /** Present with the manual clock only. */
  readonly moveClock?: (to: Instant) => Promise<void>
  /** Present with the system's clock only: takes it as it is after a leap. */
  readonly acceptClock?: () => void
}

const Params = Type.Object({ id: Type.String({ maxLength: 20 }) })
const NewTime = Type.Object({ now: InstantText })

/** Health and metrics at the root, the business clock under the API. */
export function operationRoutes(options: OperationRoutesOptions): (http: Http) => void {
  const { clock, health, retireWall, troubles, missing, metrics, metricsKey, moveClock, acceptClock } =
    options
  return (http) => {
    http.get('/livez', () => ({ live: true }))
    http.get('/readyz', async (_request, reply) => {
      // Who has not signed in can mend no wall, and no machine that asks whether we are ready needs to know of one.
      const found = troubles().filter(({ part }) => part !== 'wall')
      const words = (stops: boolean): string[] => found.filter((each) => each.stops === stops).map(wordsOf)
      // A store that is away is degraded, not unready: its cursor waits and nothing is lost.
      const [reasons, degraded] = [words(true), words(false)]
      const ready = reasons.length === 0
      const shown = found.map(({ part, text, stops }) => ({ part, text, stops }))
      const lacking = await missing()
      const notSetUp = lacking.map(wordsOf)
      const readiness: Readiness = {
        ready,
        reasons,
        degraded,
        notSetUp,
        missing: [...lacking],
        troubles: shown,
      }
      return reply.code(ready ? 200 : 503).send(readiness)
    })
    http.get('/metrics', { onRequest: insidersOnly(metricsKey) }, async (_request, reply) =>
      reply.type('text/plain; version=0.0.4').send(await metrics()),
    )
    http.get(ROUTES.health, (request) => {
      return health(actorOf(request))
    })
    const retire = { schema: { params: Params }, onRequest: only('dispatcher', 'engineer') }
    http.delete(`${ROUTES.walls}/:id`, retire, (request, reply) =>
      retireWall(request.params.id)
        ? reply.code(204).send()
        : answer(reply, refuse('not-found', { zh: '没有这块大屏', en: 'there is no such wall screen' })),
    )
    http.get(ROUTES.clock, (request) => {
      actorOf(request)
      return { now: instantText(clock.now()), manual: moveClock !== undefined }
    })
    const move = { schema: { body: NewTime }, onRequest: only('admin') }
    http.put(ROUTES.clock, move, async (request, reply) => {
      if (moveClock === undefined)
        return answer(
          reply,
          refuse('conflict', {
            zh: '时钟随系统运行,不能手动拨动',
            en: 'the clock follows the system and is not set by hand',
          }),
        )
      const to = instantOf(request.body.now)
      if (to < clock.now())
        return answer(reply, refuse('bad-time', { zh: '时钟只能向前拨', en: 'the clock only goes forward' }))
      await moveClock(to)
      return { now: instantText(clock.now()), manual: true }
    })
    http.post(ROUTES.clockAccept, { onRequest: only('admin', 'dispatcher') }, (_request, reply) => {
      if (acceptClock === undefined)
        return answer(
          reply,
          refuse('conflict', { zh: '手动时钟没有可确认的跳变', en: 'a manual clock has no leap to confirm' }),
        )
      acceptClock()
      return { now: instantText(clock.now()), manual: false }
    })
  }
}

function wordsOf({ part, text, detail }: Pick<PartTrouble, 'text' | 'detail'> & { readonly part: string }) {
  return `${part}: ${text.en}${detail === undefined ? '' : ` (${detail})`}`
}
