import { percentile, type Figure, type Part, type Run } from '../figure.ts'
import { runLoad, startLoad } from '../load.ts'
import { benchNetwork } from '../network.ts'
import { bareAedes } from '../peers/peer.ts'
import { startServer, type BenchServer } from '../server.ts'

/**
 * The same number of samples from one device and from ten thousand, one a message and in batches, with
 * one value and with eight: what a sample costs must not depend on how many send.
 */
export const fleet: Part = async (run) => {
  const figures: Figure[] = []
  const costs = new Map<string, number>()
  for (const devices of run.quick ? [1, 100, 1000] : [1, 100, 1000, 10_000]) {
    const server = await startServer(benchNetwork(devices, 0))
    try {
      await runLoad({ port: server.mqttPort, devices, values: 8, rate: RATE, seconds: run.quick ? 1 : 4 })
      await server.drained()
      for (const shape of SHAPES) {
        const trials: Trial[] = []
        for (let n = 0; n < (run.quick ? 1 : 2); n += 1) {
          trials.push(await offer({ run, server, devices, shape }))
        }
        const [best] = trials.toSorted((a, b) => a.cpu - b.cpu)
        if (best === undefined) continue
        costs.set(`${String(devices)} ${shape.name}`, best.cpu)
        figures.push(...figuresOf(devices, shape, best))
      }
    } finally {
      await server.remove()
    }
  }
  return [...figures, ...ratios(costs), ...(run.quick ? [] : [await aedesRatio(run)])]
}

/** Samples a second; one device alone may not send more. */
const RATE = 4000

interface Shape {
  readonly name: string
  readonly values: 1 | 8
  readonly batch: number
}
const SHAPES: readonly Shape[] = [
  { name: 'one value', values: 1, batch: 1 },
  { name: 'eight values', values: 8, batch: 1 },
  { name: 'eight values, ten samples a message', values: 8, batch: 10 },
]

interface Trial {
  /** Processor seconds of the server for 100,000 samples. */
  readonly cpu: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly rssMb: number
}

async function offer(stage: {
  run: Run
  server: BenchServer
  devices: number
  shape: Shape
}): Promise<Trial> {
  const { run, server, devices, shape } = stage
  const { values, batch } = shape
  const seconds = run.quick ? 2 : 5
  const load = startLoad({ port: server.mqttPort, devices, values, batch, rate: RATE / batch, seconds })
  // Signing in is not what a sample costs.
  await load.begun
  await server.cost()
  const { sent, p50Ms, p99Ms } = await load.result
  await server.drained()
  const { cpuSeconds, rssMb } = await server.cost()
  const cpu = (cpuSeconds / (sent * batch)) * 1e5
  run.say(
    `${String(devices)} devices, ${shape.name}: ${cpu.toFixed(2)} CPU s per 100 k samples, ` +
      `acknowledged in ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, ${rssMb.toFixed(0)} MB`,
  )
  return { cpu, p50Ms, p99Ms, rssMb }
}

function figuresOf(devices: number, shape: Shape, { cpu, p50Ms, p99Ms, rssMb }: Trial): Figure[] {
  const id = (name: string): string =>
    `fleet-${String(devices)}-${shape.name.replaceAll(/[ ,]+/g, '-')}-${name}`
  const many = devices.toLocaleString('en-US')
  return [
    { id: id('cpu'), what: `${many} devices, ${shape.name}: CPU per 100 k samples`, value: cpu, unit: 's' },
    { id: id('p50'), what: '… acknowledgement, median', value: p50Ms, unit: 'ms' },
    { id: id('p99'), what: '… p99', value: p99Ms, unit: 'ms' },
    { id: id('rss'), what: '… memory', value: rssMb, unit: 'MB' },
  ]
}

/** Of all shapes the median, so that one disturbed run decides nothing. */
function ratios(costs: ReadonlyMap<string, number>): Figure[] {
  const each = SHAPES.flatMap(({ name }) => {
    const [few, many] = [costs.get(`100 ${name}`), costs.get(`10000 ${name}`)]
    return few === undefined || many === undefined ? [] : [many / few]
  })
  if (each.length === 0) return []
  return [
    {
      id: 'fleet-cost-ratio',
      what: 'cost of a sample at 10,000 devices, × that at 100',
      value: percentile(each, 0.5),
      unit: '×',
      target: { at: 'most', value: 1.1 },
    },
  ]
}

/** What ten thousand sockets alone do to a message's cost: bare aedes keeps, stores and judges nothing. */
async function aedesRatio(run: Run): Promise<Figure> {
  const few = await aedesCost(100)
  const many = await aedesCost(10_000)
  run.say(
    `bare aedes: ${few.toFixed(2)} CPU s per 100 k samples of 100 devices, ${many.toFixed(2)} of 10,000`,
  )
  return { id: 'fleet-aedes-ratio', what: '… the same of bare aedes', value: many / few, unit: '×' }
}

async function aedesCost(devices: number): Promise<number> {
  const peer = await bareAedes()
  const load = { port: peer.port, devices, values: 8, rate: RATE, seconds: 5 }
  try {
    await runLoad(load)
    const costs: number[] = []
    for (let n = 0; n < 2; n += 1) {
      const { begun, result } = startLoad(load)
      await begun
      const before = peer.cpu()
      const { sent } = await result
      costs.push(((peer.cpu() - before) / sent) * 1e5)
    }
    return Math.min(...costs)
  } finally {
    await peer.close()
  }
}
