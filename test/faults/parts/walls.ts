import { connect, type Socket } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import type { LiveSnapshot } from '#contract/live.ts'
import type { TicketView } from '#contract/ticket.ts'
import type { Part } from '../../bench/figure.ts'
import { openFeed, sessionOf, type Feed } from '../../bench/feed.ts'
import { benchNetwork, lidWell } from '../../bench/network.ts'
import { timeCovers } from '../../bench/parts/cover.ts'
import { SECRET, startServer, type BenchServer } from '../../bench/server.ts'
import { openLiveStream } from '../../support/live-stream.ts'

/** F14: two hundred walls, twenty more that open the feed and never read. */
export const walls: Part = async (run) => {
  const [reading, deaf, covers] = run.quick ? [20, 4, 10] : [200, 20, 300]
  const server = await startServer(benchNetwork(1, covers))
  const cookie = await sessionOf(server.url, { username: 'wall', password: SECRET })
  const feeds: Feed[] = []
  const sockets: Socket[] = []
  try {
    for (let n = 0; n < reading; n += 1) feeds.push(await openFeed(server.url, { cookie }))
    for (let n = 0; n < deaf; n += 1) sockets.push(deafScreen(server.url, cookie))
    const rssMb = (await server.cost()).rssMb
    const [first, last] = [feeds[0], feeds.at(-1)]
    if (first === undefined || last === undefined) throw new Error('no screens')
    const screen = await openLiveStream(server.url, { cookie })
    const cursor = (await screen.next<LiveSnapshot>('snapshot')).cursor
    screen.close()
    const took = await timeCovers(server, first, { from: 0, to: covers - 1 })
    const seenByLast = last.next<TicketView>('ticket', ({ assetId }) => assetId === lidWell(covers - 1))
    took.push(...(await timeCovers(server, first, { from: covers - 1, to: covers })))
    await seenByLast
    const grownMb = (await server.cost()).rssMb - rssMb
    const same = await resumedEqualsFresh(server, cookie, cursor, covers)
    const worst = Math.max(...took)
    run.say(
      `slowest cover on a screen ${worst.toFixed(0)} ms, ${grownMb.toFixed(0)} MB grown, resumed as fresh: ${String(same)}`,
    )
    const most = (value: number) => ({ at: 'most' as const, value })
    return [
      {
        id: 'walls-slowest',
        what: 'two hundred walls: slowest cover to a screen',
        value: worst,
        unit: 'ms',
        target: most(5000),
      },
      {
        id: 'walls-memory',
        what: 'two hundred walls, twenty deaf: memory grown',
        value: grownMb,
        unit: 'MB',
        target: most(150),
      },
      {
        id: 'walls-resync',
        what: 'resumed feed and fresh snapshot: tickets that differ',
        value: same ? 0 : 1,
        unit: '',
        target: most(0),
      },
    ]
  } finally {
    for (const feed of feeds) feed.close()
    for (const socket of sockets) socket.destroy()
    await server.remove()
  }
}

/** Asks for the feed and never reads a byte of it. */
function deafScreen(url: string, cookie: string): Socket {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  socket.pause()
  socket.write(`GET /api/v1/live HTTP/1.1\r\nhost: ${hostname}\r\ncookie: ${cookie}\r\n\r\n`)
  return socket
}

/** A screen that was away since `cursor` ends with the tickets that a new one begins with. */
async function resumedEqualsFresh(
  server: BenchServer,
  cookie: string,
  cursor: string,
  covers: number,
): Promise<boolean> {
  const fresh = await openLiveStream(server.url, { cookie })
  const { tickets } = await fresh.next<LiveSnapshot>('snapshot')
  const resumed = await openLiveStream(server.url, { cookie, lastEventId: cursor })
  await resumed.next<TicketView>('ticket', ({ assetId }) => assetId === lidWell(covers - 1))
  await new Promise((wait) => setTimeout(wait, 500))
  const known = new Map(
    resumed.events
      .filter(({ event }) => event === 'ticket')
      .map(({ data }) => [(data as TicketView).id, data]),
  )
  fresh.close()
  resumed.close()
  return (
    tickets.length === covers && tickets.every((ticket) => isDeepStrictEqual(known.get(ticket.id), ticket))
  )
}
