import type { AddressInfo, Server } from 'node:net'

/** Listens on a free port of the loopback and tells it to the process that started this one. */
export function listening(server: Server): void {
  server.listen(0, '127.0.0.1', () => tellPort((server.address() as AddressInfo).port))
}

export function tellPort(port: number): void {
  process.send?.({ port })
}
