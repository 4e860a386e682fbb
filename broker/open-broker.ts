import { createBroker, type Broker, type BrokerOptions } from './broker.ts'
import { OPEN_LIMITS } from './limits.ts'

/**
 * The same broker for public conformance suites, whose client ids and topics are written into them: any
 * client and any topic. It shares nothing with the devices' broker, and nothing is ingested.
 */
export function createOpenBroker(options: Pick<BrokerOptions, 'persistencePath' | 'log' | 'limits'>): Broker {
  return createBroker({
    ...options,
    limits: { ...OPEN_LIMITS, ...options.limits },
    open: true,
    authenticate: () => Promise.resolve(true),
    ingest: () => {
      throw new Error('the open broker ingests nothing')
    },
  })
}
