import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Contact } from '../../server/domain/notification/reach.ts'
import type { Notification } from '../../server/domain/notification/notification.ts'
import type { Message } from '../../server/flows/notification/outbox.ts'

export interface Received {
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: ReturnType<typeof JSON.parse>
}

export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Never answers. */
  readonly silent?: boolean
}

/** A provider on this machine: keeps what it got and answers as told. */
export async function aReceiver(reply: (received: Received, nth: number) => Reply) {
  const got: Received[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://local')
      const text = Buffer.concat(parts).toString('utf8')
      const { headers } = request
      const received = { path: url.pathname, query: url.searchParams, headers, text, body: jsonOf(text) }
      got.push(received)
      const { status = 200, headers: extra = {}, body = {}, silent = false } = reply(received, got.length)
      if (!silent)
        response.writeHead(status, extra).end(typeof body === 'string' ? body : JSON.stringify(body))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}`,
    port,
    got,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
/** Not every provider is spoken to in JSON. */
function jsonOf(text: string): Received['body'] {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
export type Receiver = Awaited<ReturnType<typeof aReceiver>>

export function aNotification(id: string, more: Partial<Notification> = {}): Notification {
  return {
    id,
    audience: 'people',
    ticketId: 't1',
    number: 'GW-20260115-001',
    kind: 'cover',
    level: 'special',
    to: { rung: 'crew', departmentId: 'network-ops' },
    dueAt: 1_768_485_000_000,
    exercise: false,
    urgency: 'alarm',
    text: { zh: `【特级】井盖 ${id}:请立即处置`, en: `[special] cover ${id}: act now` },
    reason: { zh: '抢险人员第一时间接到通知', en: 'emergency crews are told first', clause: '第八条3(7)' },
    ...more,
  }
}

const CREW: Contact = { id: 'crew', name: '值班员甲', phone: '138 0000 0001', email: 'crew@heat.example' }

export function aMessage(
  more: { ids?: readonly [string, ...string[]]; people?: readonly Contact[] } & Partial<Notification> = {},
): Message {
  const { ids = ['m1'], people = [CREW], ...notification } = more
  const [first, ...rest] = ids.map((id) => aNotification(id, notification))
  if (first === undefined) throw new Error('no notification')
  return { id: ids.join('+'), notifications: [first, ...rest], people }
}

export const soon = (ms = 5000) => AbortSignal.timeout(ms)
