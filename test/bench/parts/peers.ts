import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { percentile, type Figure, type Part, type Run } from '../figure.ts'
import { runLoad } from '../load.ts'
import { bareAedes, dayScript, mosquitto, ourDoor, wholeServer, type Peer } from '../peers/peer.ts'

/**
 * The same load, eight values a message, on what one could run instead, one after the other and again:
 * ratios of each round, and their medians, so that a busy machine is as busy for all of them. What is
 * asked of a quiet machine comes first: a flood leaves work behind, above all for InfluxDB.
 */
export const peers: Part = async (run) => {
  const running = new Map<Name, Peer>()
  try {
    for (const name of OWN) running.set(name, await started(name))
    const quiet = await quietly(running, run)
    const script = await started('script')
    const quietScript = await quietly(new Map([['script', script]]), run)
    running.set('script', script)
    const floods = await flooded(running, run)
    return [...figuresOf({ quiet: new Map([...quiet, ...quietScript]), floods }), ...disk()]
  } finally {
    for (const peer of running.values()) await peer.close()
  }
}

/** All but the script, whose InfluxDB is never quite idle. */
const OWN = ['aedes', 'mosquitto', 'door', 'door in memory', 'whole', 'whole in memory'] as const
const NAMES = [...OWN, 'script'] as const
type Name = (typeof NAMES)[number]
type Peers = ReadonlyMap<Name, Peer>

const DEVICES = 100
const ROUNDS = 3
const QUIET_RATE = 2000
const QUIET_S = 12
/** A server has run for weeks, and is compiled. */
const WARM_RATE = 10_000
const WARM_S = 6

interface Flood {
  /** Messages a second, acknowledged and brought to where they belong. */
  readonly rate: number
  /** Processor seconds for 100,000 messages. */
  readonly cpu: number
  /** p99 of the acknowledgement at half of `rate`, ms. */
  readonly halfP99: number
}

/** By peer, of each round. */
interface Measured {
  /** p99 of the acknowledgement at 2,000 a second, ms. */
  readonly quiet: ReadonlyMap<Name, readonly number[]>
  readonly floods: ReadonlyMap<Name, readonly Flood[]>
}

async function started(name: Name): Promise<Peer> {
  const peer = await START[name]()
  const { sent } = await runLoad({
    port: peer.port,
    devices: DEVICES,
    values: 8,
    rate: WARM_RATE,
    seconds: WARM_S,
  })
  await peer.drained(sent)
  return peer
}

const START: Readonly<Record<Name, () => Promise<Peer>>> = {
  aedes: bareAedes,
  mosquitto,
  door: () => ourDoor(tmpdir()),
  'door in memory': () => ourDoor('/dev/shm'),
  script: dayScript,
  whole: () => wholeServer(DEVICES, tmpdir()),
  'whole in memory': () => wholeServer(DEVICES, '/dev/shm'),
}

async function inRounds<T>(running: Peers, run: Run, measure: (name: Name, peer: Peer) => Promise<T>) {
  const found = new Map<Name, readonly T[]>()
  for (let round = 1; round <= (run.quick ? 1 : ROUNDS); round += 1) {
    for (const [name, peer] of running) {
      found.set(name, [...(found.get(name) ?? []), await measure(name, peer)])
    }
  }
  return found
}

function quietly(running: Peers, run: Run): Promise<Measured['quiet']> {
  const load = { devices: DEVICES, values: 8, rate: QUIET_RATE, seconds: run.quick ? 2 : QUIET_S }
  return inRounds(running, run, async (name, peer) => {
    const { sent, p50Ms, p99Ms } = await runLoad({ ...load, port: peer.port })
    await peer.drained(sent)
    run.say(`${name} at ${String(QUIET_RATE)}/s: median ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`)
    return p99Ms
  })
}

function flooded(running: Peers, run: Run): Promise<Measured['floods']> {
  return inRounds(running, run, async (name, peer) => {
    const flood = await floodOf(peer, run)
    run.say(`${name}: ${told(flood)}`)
    return flood
  })
}

async function floodOf(peer: Peer, run: Run): Promise<Flood> {
  const load = { port: peer.port, devices: DEVICES, values: 8, seconds: run.quick ? 2 : 3 }
  const before = peer.cpu()
  const { sent, seconds } = await runLoad(load)
  const ended = performance.now()
  await peer.drained(sent)
  const rate = sent / (seconds + (performance.now() - ended) / 1000)
  const cpu = ((peer.cpu() - before) / sent) * 1e5
  const half = await runLoad({ ...load, rate: Math.round(rate / 2) })
  await peer.drained(half.sent)
  return { rate, cpu, halfP99: half.p99Ms }
}

function told({ rate, cpu, halfP99 }: Flood): string {
  return (
    `${rate.toFixed(0)} messages/s, ${cpu.toFixed(2)} CPU s per 100 k, ` +
    `p99 ${halfP99.toFixed(1)} ms at half of flat out`
  )
}

const LABELS: Readonly<Record<Name, string>> = {
  aedes: 'bare aedes, nothing kept',
  mosquitto: 'Mosquitto, nothing kept',
  door: 'our broker and journal',
  'door in memory': 'the same on tmpfs: without the cost of fdatasync',
  script: 'Mosquitto and a day’s script to InfluxDB',
  whole: 'the whole server: durable, stored, judged',
  'whole in memory': 'the same on tmpfs: without the cost of fdatasync',
}

function figuresOf({ quiet, floods }: Measured): Figure[] {
  const of = (name: Name, part: keyof Flood): readonly number[] =>
    (floods.get(name) ?? []).map((flood) => flood[part])
  const p99s = (name: Name): readonly number[] => quiet.get(name) ?? []
  const median = (values: readonly number[]): number => percentile(values, 0.5)
  /** Of each round one ratio: both sides ran within the same minutes. */
  const ratio = (a: readonly number[], b: readonly number[]): number =>
    median(a.map((value, n) => value / (b[n] ?? value)))
  const id = (name: string): string => `peers-${name.replaceAll(' ', '-')}`
  const each = NAMES.flatMap((name): Figure[] => [
    { id: id(`${name}-rate`), what: LABELS[name], value: median(of(name, 'rate')), unit: 'msg/s' },
    { id: id(`${name}-cpu`), what: '… CPU per 100 k', value: median(of(name, 'cpu')), unit: 's' },
    {
      id: id(`${name}-p99`),
      what: `… p99 of the acknowledgement at ${String(QUIET_RATE)}/s`,
      value: median(p99s(name)),
      unit: 'ms',
    },
  ])
  return [
    ...each,
    {
      id: id('door-per-cpu'),
      what: 'broker and journal: messages per CPU second, × bare aedes',
      value: 1 / ratio(of('door', 'cpu'), of('aedes', 'cpu')),
      unit: '×',
      target: { at: 'least', value: 0.8 },
    },
    {
      id: id('whole-per-cpu'),
      what: 'whole server: messages per CPU second, × bare aedes',
      value: 1 / ratio(of('whole', 'cpu'), of('aedes', 'cpu')),
      unit: '×',
      target: { at: 'least', value: 0.4 },
    },
    {
      id: id('script-rate-ratio'),
      what: 'whole server: stored messages a second, × the script',
      value: ratio(of('whole', 'rate'), of('script', 'rate')),
      unit: '×',
      target: { at: 'least', value: 1 },
    },
    {
      id: id('script-cpu-ratio'),
      what: 'whole server: CPU a message, × the script and Mosquitto',
      value: ratio(of('whole', 'cpu'), of('script', 'cpu')),
      unit: '×',
      target: { at: 'most', value: 1 },
    },
    {
      id: id('half-p99'),
      what: 'whole server: p99 of the acknowledgement at half of flat out',
      value: median(of('whole', 'halfP99')),
      unit: 'ms',
      target: { at: 'most', value: 50 },
    },
    {
      id: id('quiet-p99-ratio'),
      what: `whole server: p99 at ${String(QUIET_RATE)}/s, × bare aedes`,
      value: ratio(p99s('whole'), p99s('aedes')),
      unit: '×',
      target: { at: 'most', value: 2 },
    },
    {
      id: id('quiet-p99-memory-ratio'),
      what: '… and without the cost of fdatasync',
      value: ratio(p99s('whole in memory'), p99s('aedes')),
      unit: '×',
      target: { at: 'most', value: 2 },
    },
  ]
}

const DISK_MS = 1000
const BLOCK = Buffer.alloc(4096, 1)

/** What the disk itself can do: one block written and synced after the other. */
function disk(): Figure[] {
  const dir = mkdtempSync(join(tmpdir(), 'bench-disk-'))
  const file = openSync(join(dir, 'file'), 'w')
  const took: number[] = []
  for (const began = performance.now(); performance.now() - began < DISK_MS;) {
    const before = performance.now()
    writeSync(file, BLOCK, 0, BLOCK.length, (took.length % 1000) * BLOCK.length)
    fdatasyncSync(file)
    took.push(performance.now() - before)
  }
  closeSync(file)
  rmSync(dir, { recursive: true })
  return [
    { id: 'disk-rate', what: 'the disk: fdatasync of one block', value: took.length, unit: '/s' },
    { id: 'disk-p99', what: '… p99', value: percentile(took, 0.99), unit: 'ms' },
  ]
}
