import { Aedes } from 'aedes'
import { createServer } from 'node:net'
import { listening } from './child-port.ts'

/** aedes as its own README starts it: no limits, no journal, nothing kept. */
const aedes = await Aedes.createBroker()
listening(createServer((socket) => aedes.handle(socket)))
