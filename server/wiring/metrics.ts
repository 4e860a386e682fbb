import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'

/** One number, or one for each value of a label, read at the moment of the scrape. */
export interface Measured {
  readonly name: string
  readonly help: string
  readonly kind: 'counter' | 'gauge'
  readonly label?: string
  readonly read: () => number | Readonly<Record<string, number>>
}

/** The metrics in the text format of Prometheus. Parts keep plain counts and do not know Prometheus. */
export function createMetrics(measured: readonly Measured[]): () => Promise<string> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'wellwatch_' })
  for (const one of measured) {
    const collect = function (this: Counter | Gauge): void {
      const value = one.read()
      this.reset()
      const entries = typeof value === 'number' ? [['', value] as const] : Object.entries(value)
      for (const [label, amount] of entries) {
        if (one.label === undefined) this.inc(amount)
        else this.inc({ [one.label]: label }, amount)
      }
    }
    const options = {
      name: `wellwatch_${one.name}`,
      help: one.help,
      labelNames: one.label === undefined ? [] : [one.label],
      registers: [registry],
      collect,
    }
    if (one.kind === 'counter') new Counter(options)
    else new Gauge(options)
  }
  let scrape: Promise<string> | undefined
  // Scrapes of one moment share its numbers.
  return () => (scrape ??= registry.metrics().finally(() => (scrape = undefined)))
}
