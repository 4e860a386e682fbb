import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Ways in which a database is away. */
export const OUTAGES = ['refuses', 'hangs', 'answers 503', 'answers 401', 'cuts off'] as const
export type Outage = (typeof OUTAGES)[number]

/** Stands before a real InfluxDB and fails as told. */
export interface InfluxGate {
  readonly url: string
  /** Undefined: everything passes. */
  fail(how: Outage | undefined): Promise<void>
  /** Requests that came while it failed. */
  tries(): number
  close(): Promise<void>
}

export async function influxGate(target: string): Promise<InfluxGate> {
  const behind = new URL(target)
  let how: Outage | undefined
  let tries = 0
  const server = createServer((asked, answer) => {
    if (how === undefined) return pass(asked, answer)
    tries += 1
    asked.resume()
    if (how === 'answers 503') answer.writeHead(503).end('{"error":"timeout"}')
    else if (how === 'answers 401') answer.writeHead(401).end('{"error":"authorization failed"}')
    else if (how === 'cuts off') asked.socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  function pass(asked: IncomingMessage, answer: ServerResponse): void {
    const { method, headers, url: path } = asked
    const onward = request({ host: behind.hostname, port: behind.port, method, path, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(answer)
    })
    onward.on('error', () => answer.destroy())
    asked.pipe(onward)
  }

  return {
    url: `http://127.0.0.1:${String(port)}`,
    tries: () => tries,
    async fail(next) {
      const wasDeaf = how === 'refuses'
      how = next
      tries = 0
      server.closeAllConnections()
      if (next === 'refuses') {
        server.close()
        return
      }
      if (!wasDeaf) return
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
    async close() {
      server.closeAllConnections()
      if (how !== 'refuses') {
        server.close()
        await once(server, 'close')
      }
    },
  }
}
