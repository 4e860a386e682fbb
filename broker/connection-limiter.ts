import type { Socket } from 'node:net'
import type { BrokerLimits } from './limits.ts'
import type { RefusalReason } from './refusals.ts'

/** Which connection: the same for a TCP socket and for the TLS or WebSocket stream over it. */
type PeerKey = string

export interface Peer {
  readonly key: PeerKey
  readonly address: string
}

export function peerOf(socket: Socket): Peer {
  const address = addressOf(socket.remoteAddress ?? 'unknown')
  return { key: `${address} ${socket.remotePort} ${socket.localPort}`, address }
}

/** One household or site counts once: an IPv4 address, or the /64 of an IPv6 one. */
function addressOf(remote: string): string {
  if (remote.startsWith('::ffff:')) return remote.slice(7)
  return remote.includes(':') ? remote.split(':').slice(0, 4).join(':') : remote
}

/**
 * Caps on connections. One that has not signed in yet can be pushed out by newer ones, so that a flood of
 * idle connections from one address does not keep its neighbours out.
 */
export interface ConnectionLimiter {
  admit(socket: Socket): void
  /** The client has signed in and is no longer pushed out by newer connections. */
  signedIn(key: PeerKey): void
  pending(): number
  close(): void
}

export function createConnectionLimiter(
  limits: BrokerLimits,
  refused: (reason: RefusalReason) => void,
): ConnectionLimiter {
  const open = new Set<Socket>()
  const perAddress = new Map<string, number>()
  const pending = new Map<PeerKey, { socket: Socket; address: string }>()
  const pendingPerAddress = new Map<string, Map<PeerKey, Socket>>()

  function leavePending(key: PeerKey): void {
    const waiting = pending.get(key)
    if (waiting === undefined) return
    pending.delete(key)
    const neighbours = pendingPerAddress.get(waiting.address)
    neighbours?.delete(key)
    if (neighbours?.size === 0) pendingPerAddress.delete(waiting.address)
  }

  function pushOut(oldest: [PeerKey, Socket] | undefined): void {
    if (oldest === undefined) return
    leavePending(oldest[0])
    refused('too_many_pending')
    oldest[1].destroy()
  }

  function enterPending({ key, address }: Peer, socket: Socket): void {
    const neighbours = pendingPerAddress.get(address) ?? new Map<PeerKey, Socket>()
    if (neighbours.size >= limits.pendingPerAddress) pushOut([...neighbours.entries().take(1)][0])
    const [eldest] = pending.entries().take(1)
    if (pending.size >= limits.pending && eldest !== undefined) pushOut([eldest[0], eldest[1].socket])
    pendingPerAddress.set(address, neighbours.set(key, socket))
    pending.set(key, { socket, address })
  }

  return {
    admit(socket) {
      const peer = peerOf(socket)
      const count = (perAddress.get(peer.address) ?? 0) + 1
      if (open.size >= limits.connections || count > limits.connectionsPerAddress) {
        refused('too_many_connections')
        socket.destroy()
        return
      }
      open.add(socket)
      perAddress.set(peer.address, count)
      enterPending(peer, socket)
      socket.once('close', () => {
        open.delete(socket)
        leavePending(peer.key)
        const left = (perAddress.get(peer.address) ?? 1) - 1
        if (left === 0) perAddress.delete(peer.address)
        else perAddress.set(peer.address, left)
      })
    },
    signedIn: leavePending,
    pending: () => pending.size,
    close() {
      for (const socket of open) socket.destroy()
    },
  }
}
