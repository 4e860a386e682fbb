import type { Position } from '#contract/identity.ts'
import type { CallRequest } from '#contract/hotline.ts'
import { uniform } from './seeded-random.ts'
import { MINUTE, SHANGHAI_OFFSET } from './time.ts'

/** Residents who phone: the operator enters their calls through the same door as any other. */
export interface Hotline {
  /** Throws when the server refuses. */
  report(call: CallRequest): Promise<void>
}

export interface HotlineAccess {
  readonly httpUrl: string
  readonly username: string
  readonly password: string
}

/** Signs somebody in and gives the session's cookie; throws when the server refuses. */
export async function signIn({ httpUrl, username, password }: HotlineAccess): Promise<string> {
  const answer = await post(httpUrl, '/session', { username, password })
  if (!answer.ok) throw new Error(`the server refuses ${username}: ${answer.status}`)
  return answer.headers
    .getSetCookie()
    .map((text) => text.split(';')[0])
    .join('; ')
}

async function post(httpUrl: string, path: string, body: unknown, cookie?: string): Promise<Response> {
  return fetch(new URL(`/api/v1${path}`, httpUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(cookie === undefined ? {} : { cookie }) },
    body: JSON.stringify(body),
  })
}

/** Signs in as the operator and keeps the session; signs in again when it has ended. */
export function createHotline(access: HotlineAccess): Hotline {
  let cookie: string | undefined
  return {
    async report(call) {
      cookie ??= await signIn(access)
      let answer = await post(access.httpUrl, '/calls', call, cookie)
      if (answer.status === 401) {
        cookie = await signIn(access)
        answer = await post(access.httpUrl, '/calls', call, cookie)
      }
      if (!answer.ok) throw new Error(`the server refuses the call: ${answer.status} ${await answer.text()}`)
    },
  }
}

/** Where a caller stands: near an asset, and what the street is called there. */
export interface Spot {
  readonly address: string
  readonly position: Position
}

/** Somebody passing sees the cover and phones. */
export function coverCall(seed: number, spot: Spot, now: number): CallRequest {
  return {
    kind: 'cover',
    contact: 'complaint',
    source: 'phone',
    ...whereabouts(seed, spot, 'cover'),
    ...caller(seed, 'cover'),
    beganAt: instantText(now - 2 * MINUTE),
    scene: '马路边热力井的井盖歪了,露出一道缝,旁边有学生经过,还没有围挡。',
    description: `${spot.address}热力井盖移位,来电人担心行人踩空,请尽快处理。`,
  }
}

/** A cold flat, elsewhere. */
export function notHotCall(seed: number, spot: Spot, now: number): CallRequest {
  return {
    kind: 'not_hot',
    contact: 'help',
    source: 'phone',
    ...whereabouts(seed, spot, 'not_hot'),
    ...caller(seed, 'not_hot'),
    beganAt: instantText(now - 5 * 60 * MINUTE),
    description: '家里暖气从昨晚起不太热,室温只有 16 度,家里有老人,请上门看看。',
  }
}

/** A question that the operator can answer from the tariff notice. */
export function consultCall(seed: number, spot: Spot): CallRequest {
  return {
    kind: 'consult',
    contact: 'consult',
    source: 'phone',
    address: spot.address,
    ...caller(seed, 'consult'),
    beganUnknown: '咨询,无事件',
    description: '想办理报停恢复供热,问需要带什么手续、在哪里办理。',
  }
}

/** Smoke over a manhole, as residents call steam. */
export function ventCall(seed: number, spot: Spot, now: number): CallRequest {
  return {
    kind: 'well_vent',
    contact: 'complaint',
    source: 'phone',
    ...whereabouts(seed, spot, 'vent'),
    ...caller(seed, 'vent'),
    beganAt: instantText(now - 5 * MINUTE),
    scene: '路口的热力井在冒白气,味道不大,地面湿了一片,车都绕着走。',
    description: `${spot.address}热力井冒汽。`,
  }
}

export type CallKind = 'cover' | 'not_hot' | 'consult' | 'well_vent'

/** A resident's call of a kind from a place. */
export function callOf(
  kind: CallKind,
  { seed, spot, now }: { readonly seed: number; readonly spot: Spot; readonly now: number },
): CallRequest {
  if (kind === 'cover') return coverCall(seed, spot, now)
  if (kind === 'well_vent') return ventCall(seed, spot, now)
  return kind === 'not_hot' ? notHotCall(seed, spot, now) : consultCall(seed, spot)
}

function whereabouts(seed: number, { address, position: [lon, lat] }: Spot, key: string) {
  // A dozen metres off: nobody phones from the middle of the road.
  const off = (axis: string) => (uniform(seed, 'spot', key, axis) - 0.5) * 0.0002
  return { address, position: [lon + off('lon'), lat + off('lat')] satisfies Position as [number, number] }
}

/** Placeholder names and numbers: no real person, no real line. */
function caller(seed: number, key: string) {
  const last = String(Math.floor(uniform(seed, 'phone', key) * 1000)).padStart(4, '0')
  return { callerName: `来电居民${last}`, callerPhone: `1380000${last}` }
}

function instantText(at: number): string {
  return `${new Date(at + SHANGHAI_OFFSET).toISOString().slice(0, 19)}+08:00`
}
