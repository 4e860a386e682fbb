import { createBroker, type Broker, type BrokerOptions } from './broker.ts'
import { OPEN_LIMITS } from './limits.ts'

/**
 * The same entrance for public conformance suites, whose client ids and topics are written into them:
 * anybody and any topic. It shares nothing with the devices' one; its messages end at its clients.
 */
export function createOpenBroker(options: Pick<BrokerOptions, 'persistencePath' | 'log' | 'limits'>): Broker {
  return createBroker({
    ...options,
    limits: { ...OPEN_LIMITS, ...options.limits },
    open: true,
    authenticate: () => Promise.resolve(true),
    ingest: () => {
      throw new Error('the open entrance takes nothing in')
    },
  })
}
