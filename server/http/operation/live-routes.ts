import Type from 'typebox'
import type { FastifyRequest } from 'fastify'
import type { ServerResponse } from 'node:http'
import { ROUTES } from '#contract/routes.ts'
import type { LiveSnapshot, SystemHealth } from '#contract/live.ts'
import { refuse } from '#contract/problem.ts'
import type { Role } from '#contract/vocabulary.ts'
import type { Person } from '../../domain/access/actor.ts'
import { actorOf, answer, type Http } from '../core/http.ts'

/** What the feed needs of the hub; the hub itself is another room. */
interface LiveSource {
  cursor(): string
  since(cursor: string): readonly FeedEvent[] | undefined
  subscribe(listener: (event: FeedEvent) => void, ended: () => void): () => void
}
interface FeedEvent {
  readonly id: string
  readonly event: string
  readonly data: unknown
}

export interface LiveRoutesOptions {
  readonly hub: LiveSource
  /** Everything a screen shows, as this person may see it. */
  readonly snapshot: (viewer: Person) => Promise<Omit<LiveSnapshot, 'cursor'>>
  /** Hides from a person what that person may not see. */
  readonly censor: (event: string, data: unknown, viewer: Person) => unknown
  /** How the system is, told at every heartbeat: a stopped detector must not look like quiet. */
  readonly health: () => SystemHealth
  /** False once the session has ended; checked at every heartbeat. */
  readonly stillSignedIn: (token: string) => Promise<boolean>
  /** Calls back whenever sessions have been ended, whose feeds then end too. */
  readonly watchSessions: (ended: () => void) => void
  readonly tokenOf: (request: FastifyRequest) => string | undefined
  /** Told of each session of a screen that hangs on a wall. */
  readonly expectWall: (token: string, name: string) => void
}

const Query = Type.Object({
  lastEventId: Type.Optional(Type.String({ maxLength: 200 })),
  screen: Type.Optional(
    Type.String({ minLength: 1, maxLength: 40, description: 'name of a screen on a wall' }),
  ),
})

/** A screen that does not read is cut here, beyond what it opened with, and comes back with a snapshot. */
const MAX_BUFFERED_BYTES = 1024 * 1024
const MAX_SCREENS = 600
/** Of one person, or of whoever holds that person's session; all the walls of a town may share an account. */
const MAX_SCREENS_OF_ONE = 50
const MAX_WALLS = 250
/** Kept free for the desks, who work by what comes in: however many accounts fill the rest. */
const DESK_SCREENS = 100
const DESKS: ReadonlySet<Role> = new Set(['operator', 'dispatcher', 'service'])
const HEARTBEAT_MS = 10_000
/** All the walls of a town come back at once: one snapshot of a person serves who asks within so long. */
const SHARED_MS = 200

/** `GET /live`: snapshot and cursor in one step, then changes; `Last-Event-ID` resumes. */
export function liveRoutes(options: LiveRoutesOptions): (http: Http) => void {
  const screensOf = new Map<string, number>()
  const shared = new Map<string, Shared>()
  /** With what looks whether the session of each still lasts. */
  const open = new Map<ServerResponse, () => Promise<void>>()
  options.watchSessions(() => {
    for (const look of open.values()) void look()
  })

  return (http) => {
    http.addHook('preClose', () => {
      for (const response of open.keys()) response.end()
    })
    http.get(ROUTES.live, { schema: { querystring: Query } }, async (request, reply) => {
      const viewer = actorOf(request)
      const room = viewer.roles.some((role) => DESKS.has(role)) ? MAX_SCREENS : MAX_SCREENS - DESK_SCREENS
      const own = isWall(viewer) ? MAX_WALLS : MAX_SCREENS_OF_ONE
      if (open.size >= room || (screensOf.get(viewer.id) ?? 0) >= own)
        return answer(
          reply,
          refuse('unavailable', { zh: '已有太多屏幕连接', en: 'too many screens are connected already' }),
        )
      const token = options.tokenOf(request)
      const query = request.query
      if (token !== undefined && isWall(viewer))
        options.expectWall(token, query.screen ?? `${viewer.name} ${request.ip}`)
      const lastId = request.headers['last-event-id'] ?? query.lastEventId
      reply.hijack()
      count(screensOf, viewer.id, 1)
      const response = reply.raw
      const endIfSignedOut = async (): Promise<boolean> => {
        const isSignedIn = token !== undefined && (await options.stillSignedIn(token).catch(() => false))
        if (!isSignedIn) response.end()
        return isSignedIn
      }
      open.set(response, async () => void (await endIfSignedOut()))
      const leaving: (() => void)[] = []
      const leave = (): void => {
        for (const end of leaving.splice(0)) end()
      }
      // Before anything is waited for: a screen may be gone by then.
      response.on('close', () => {
        open.delete(response)
        count(screensOf, viewer.id, -1)
        leave()
      })
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'x-content-type-options': 'nosniff',
      })
      const frameOf = ({ id, event, data }: FeedEvent): string =>
        frame({ id, event, data: options.censor(event, data, viewer) })
      let mostBuffered = MAX_BUFFERED_BYTES
      response.on('drain', () => (mostBuffered = MAX_BUFFERED_BYTES))
      const screen: Screen = {
        send(event) {
          if (response.writableLength > mostBuffered) response.destroy()
          else response.write(frameOf(event))
        },
        begin(text, events) {
          const whole = text + events.map(frameOf).join('')
          // However long it is, it is no sign that nobody reads: the screen would come back for it for ever.
          mostBuffered = MAX_BUFFERED_BYTES + Buffer.byteLength(whole)
          if (whole !== '') response.write(whole)
        },
        end: () => void response.end(),
      }
      try {
        const stop = await begin(screen, viewer, typeof lastId === 'string' ? lastId : undefined)
        const heartbeat = setInterval(() => {
          void endIfSignedOut().then((signedIn) => {
            if (signedIn)
              response.write(eventText('health', options.censor('health', options.health(), viewer)))
          })
        }, HEARTBEAT_MS)
        leaving.push(stop, () => clearInterval(heartbeat))
        if (response.destroyed) leave()
      } catch (error) {
        response.destroy()
        throw error
      }
      return reply
    })
  }

  async function begin(screen: Screen, viewer: Person, lastId: string | undefined): Promise<() => void> {
    const missed = lastId === undefined ? undefined : options.hub.since(lastId)
    if (missed !== undefined) {
      const stop = options.hub.subscribe(screen.send, screen.end)
      screen.begin('', missed)
      return stop
    }
    const reset = lastId === undefined ? '' : frame({ id: options.hub.cursor(), event: 'reset', data: {} })
    const { cursor, text } = await snapshotFor(viewer)
    // What has happened since it was begun follows it, and nothing comes between: none is missed.
    const since = options.hub.since(cursor)
    const stop = options.hub.subscribe(screen.send, screen.end)
    if (since === undefined) screen.end()
    else screen.begin(reset + text, since)
    return stop
  }

  async function snapshotFor(viewer: Person): Promise<{ readonly cursor: string; readonly text: string }> {
    // By everything that decides what may be seen, not by the name alone.
    const key = JSON.stringify(viewer)
    const known = shared.get(key)
    if (known !== undefined) return { cursor: known.cursor, text: await known.text }
    const cursor = options.hub.cursor()
    const text = options
      .snapshot(viewer)
      .then((snapshot) => frame({ id: cursor, event: 'snapshot', data: { cursor, ...snapshot } }))
    shared.set(key, { cursor, text })
    const forget = (): void => void shared.delete(key)
    setTimeout(forget, SHARED_MS).unref()
    text.catch(forget)
    return { cursor, text: await text }
  }
}

function count(counts: Map<string, number>, of: string, by: number): void {
  const now = (counts.get(of) ?? 0) + by
  if (now > 0) counts.set(of, now)
  else counts.delete(of)
}

function isWall({ roles }: Person): boolean {
  return roles.length > 0 && roles.every((role) => role === 'wall')
}

interface Shared {
  /** Of before it was read. */
  readonly cursor: string
  readonly text: Promise<string>
}

interface Screen {
  readonly send: (event: FeedEvent) => void
  /** What it opens with, then what follows from there. */
  readonly begin: (text: string, events: readonly FeedEvent[]) => void
  readonly end: () => void
}

function frame({ id, event, data }: FeedEvent): string {
  return `id: ${id}\n${eventText(event, data)}`
}

/** One event of `text/event-stream`; JSON has no raw line breaks, so one data line is enough. */
function eventText(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
