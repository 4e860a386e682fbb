import { Server } from 'node:net'

/** Loaded before a server (`node --import`): it gets SIGTERM at the very moment its first port opens. */
const { listen } = Server.prototype
let isFirst = true

Server.prototype.listen = function (this: Server, ...args: Parameters<typeof listen>) {
  if (isFirst) this.once('listening', () => process.kill(process.pid, 'SIGTERM'))
  isFirst = false
  return listen.apply(this, args)
} as typeof listen
