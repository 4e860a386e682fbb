import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket } from 'node:tls'
import { createWebSocketStream, WebSocketServer } from 'ws'
import { peerOf, type ConnectionLimiter, type Peer } from './connection-limiter.ts'
import type { BrokerLimits } from './limits.ts'
import type { BrokerLog } from './log.ts'
import type { RefusalReason } from './refusals.ts'

export interface Certificate {
  readonly cert: string
  readonly key: string
  /** Devices must show a certificate of this authority whose common name is their id. */
  readonly clientCa?: string
}

/** Ports, 0 for any free one. */
export interface Addresses {
  readonly host: string
  readonly mqttPort: number
  readonly tlsPort?: number
  readonly wsPort?: number
  readonly wssPort?: number
}

export interface Incoming {
  readonly stream: Duplex
  readonly peer: Peer
  /** Common name of the client's certificate, where one is asked for. */
  readonly certificateName?: string
}

export interface ListenerOptions {
  readonly limits: BrokerLimits
  readonly connectionLimiter: ConnectionLimiter
  readonly log: BrokerLog
  readonly certificate: Certificate | undefined
  readonly refused: (reason: RefusalReason) => void
  readonly onConnection: (incoming: Incoming) => void
}

export interface Listeners {
  readonly addresses: Addresses
  /** A renewed certificate for connections from now on. */
  renew(certificate: Certificate): void
  /** Takes no more connections; resolves when the last one has ended. */
  close(): Promise<void>
}

const SOCKET = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }
/** A client that has sent everything and closed its half is still answered before the connection ends. */
const HALF_OPEN = { ...SOCKET, allowHalfOpen: true }
/** After a power cut the devices of a whole district reconnect at once. */
const BACKLOG = 4096

/** Listens on TCP always, on TLS and WebSocket where they have a port. */
export async function openListeners(wanted: Addresses, options: ListenerOptions): Promise<Listeners> {
  const { connectionLimiter, certificate, onConnection, refused, limits } = options
  const secure: TlsServer[] = []
  const servers: Server[] = []
  const tls = () => {
    if (certificate === undefined) throw new Error('a TLS port needs a certificate')
    return { ...SOCKET, ...contextOf(certificate), handshakeTimeout: limits.connectTimeoutMs }
  }

  async function open<S extends Server>(server: S, port: number): Promise<number> {
    servers.push(server)
    server.prependListener('connection', (socket: Socket) => {
      socket.on('error', (error) => options.log.debug({ err: error }, 'connection error'))
      connectionLimiter.admit(socket)
    })
    return listenOn(server, wanted.host, port)
  }
  const tcp = createServer(HALF_OPEN, (stream) => onConnection({ stream, peer: peerOf(stream) }))
  const mqttPort = await open(tcp, wanted.mqttPort)
  const ports: { tlsPort?: number; wsPort?: number; wssPort?: number } = {}

  if (wanted.tlsPort !== undefined) {
    const server = createTlsServer(tls(), (stream) => {
      // Set only now, since a client that left within the handshake would stay open otherwise.
      stream.allowHalfOpen = true
      onConnection({ stream, peer: peerOf(stream), ...certificateName(stream, certificate) })
    })
    server.on('tlsClientError', () => refused('tls_handshake'))
    secure.push(server)
    ports.tlsPort = await open(server, wanted.tlsPort)
  }
  if (wanted.wsPort !== undefined) {
    const server = createHttpServer({ ...SOCKET, ...httpLimits(limits) })
    carryWebSockets(server, options, () => ({}))
    ports.wsPort = await open(server, wanted.wsPort)
  }
  if (wanted.wssPort !== undefined) {
    const server = createHttpsServer({ ...tls(), ...httpLimits(limits) })
    server.on('tlsClientError', () => refused('tls_handshake'))
    carryWebSockets(server, options, (socket) => certificateName(socket, certificate))
    secure.push(server)
    ports.wssPort = await open(server, wanted.wssPort)
  }

  return {
    addresses: { host: wanted.host, mqttPort, ...ports },
    renew: (renewed) => secure.forEach((server) => server.setSecureContext(contextOf(renewed))),
    close: async () => {
      await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
    },
  }
}

function contextOf({ cert, key, clientCa }: Certificate) {
  const mutual = clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true }
  return { cert, key, minVersion: 'TLSv1.2' as const, ...mutual }
}

function certificateName(socket: Socket, certificate: Certificate | undefined): { certificateName?: string } {
  if (certificate?.clientCa === undefined || !('getPeerCertificate' in socket)) return {}
  const name = (socket as TLSSocket).getPeerCertificate().subject.CN
  return { certificateName: typeof name === 'string' ? name : '' }
}

function httpLimits({ connectTimeoutMs }: BrokerLimits) {
  return {
    headersTimeout: connectTimeoutMs,
    requestTimeout: connectTimeoutMs,
    connectionsCheckingInterval: Math.min(1000, connectTimeoutMs),
    maxHeaderSize: 8192,
  }
}

/** MQTT over WebSocket (MQTT 3.1.1, 6): binary frames only, subprotocol `mqtt`. */
function carryWebSockets(
  server: ReturnType<typeof createHttpServer>,
  { limits, log, refused, onConnection }: ListenerOptions,
  nameOf: (socket: Socket) => { certificateName?: string },
): void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.frameBytes + 8,
    perMessageDeflate: false,
    handleProtocols: (offered) => ['mqtt', 'mqttv3.1'].find((name) => offered.has(name)) ?? false,
  })
  server.on('request', (_request, response) => {
    response.writeHead(426, { connection: 'close', upgrade: 'websocket' }).end()
  })
  server.on('upgrade', (request, socket: Socket, head) => {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
    if (!offered.includes('mqtt') && !offered.includes('mqttv3.1')) {
      refused('websocket')
      socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
      return
    }
    const peer = peerOf(socket)
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('message', (_message, isBinary) => {
        if (isBinary) return
        refused('websocket')
        stream.destroy()
      })
      const stream = createWebSocketStream(webSocket)
      stream.on('error', (error) => log.debug({ err: error }, 'WebSocket error'))
      onConnection({ stream, peer, ...nameOf(socket) })
    })
  })
}

async function listenOn(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off('error', failed)
      listening()
    })
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a listener has no port')
  return address.port
}
