import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { percentile, type Figure, type Part, type Run } from '../figure.ts'
import { runLoad } from '../load.ts'
import { bareAedes, dayScript, mosquitto, ourDoor, wholeServer, type Peer } from '../peers/peer.ts'

/**
 * The same load, eight values a message, on what one could run instead, one after the other and again:
 * ratios of each round, and their medians, so that a busy machine is as busy for all of them.
 */
export const peers: Part = async (run) => {
  const measured = new Map<Name, Round[]>()
  const running = await startAll()
  try {
    for (const [, peer] of running) {
      await runLoad({ port: peer.port, devices: DEVICES, values: 8, rate: 10_000, seconds: 2 }).then(
        ({ sent }) => peer.drained(sent),
      )
    }
    for (let round = 1; round <= (run.quick ? 1 : ROUNDS); round += 1) {
      for (const [name, peer] of running) {
        const found = await measure(peer, run)
        measured.set(name, [...(measured.get(name) ?? []), found])
        run.say(`round ${String(round)}, ${name}: ${told(found)}`)
      }
    }
  } finally {
    for (const [, peer] of running) await peer.close()
  }
  return [...figuresOf(measured), ...disk()]
}

const NAMES = ['aedes', 'mosquitto', 'door', 'door in memory', 'script', 'whole', 'whole in memory'] as const
type Name = (typeof NAMES)[number]

const DEVICES = 100
const ROUNDS = 3
const QUIET_RATE = 2000
const QUIET_S = 8

interface Round {
  /** Messages a second, acknowledged and brought to where they belong. */
  readonly rate: number
  /** Processor seconds for 100,000 messages. */
  readonly cpu: number
  /** p99 of the acknowledgement at 2,000 a second, and at half of `rate`, ms. */
  readonly quietP99: number
  readonly halfP99: number
}

async function startAll(): Promise<readonly (readonly [Name, Peer])[]> {
  return [
    ['aedes', await bareAedes()],
    ['mosquitto', await mosquitto()],
    ['door', await ourDoor(tmpdir())],
    ['door in memory', await ourDoor('/dev/shm')],
    ['script', await dayScript()],
    ['whole', await wholeServer(DEVICES, tmpdir())],
    ['whole in memory', await wholeServer(DEVICES, '/dev/shm')],
  ]
}

async function measure(peer: Peer, run: Run): Promise<Round> {
  const load = { port: peer.port, devices: DEVICES, values: 8, seconds: run.quick ? 2 : 3 }
  // First, since a flood leaves work behind for whoever stores it; and beyond the moment of a hundred sign-ins.
  const quiet = await runLoad({ ...load, rate: QUIET_RATE, seconds: run.quick ? 2 : QUIET_S })
  await peer.drained(quiet.sent)
  const before = peer.cpu()
  const { sent, seconds } = await runLoad(load)
  const ended = performance.now()
  await peer.drained(sent)
  const rate = sent / (seconds + (performance.now() - ended) / 1000)
  const cpu = ((peer.cpu() - before) / sent) * 1e5
  const half = await runLoad({ ...load, rate: Math.round(rate / 2) })
  await peer.drained(half.sent)
  return { rate, cpu, quietP99: quiet.p99Ms, halfP99: half.p99Ms }
}

function told({ rate, cpu, quietP99, halfP99 }: Round): string {
  return (
    `${rate.toFixed(0)} messages/s, ${cpu.toFixed(2)} CPU s per 100 k, p99 ${quietP99.toFixed(1)} ms at ` +
    `${String(QUIET_RATE)}/s, ${halfP99.toFixed(1)} ms at half of flat out`
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

function figuresOf(measured: ReadonlyMap<Name, readonly Round[]>): Figure[] {
  const rounds = (name: Name): readonly Round[] => measured.get(name) ?? []
  const median = (name: Name, of: (round: Round) => number): number => percentile(rounds(name).map(of), 0.5)
  /** Of each round one ratio: both sides ran within the same minute. */
  const ratio = (a: Name, b: Name, of: (round: Round) => number): number =>
    percentile(
      rounds(a).map((round, n) => of(round) / of(rounds(b)[n] ?? round)),
      0.5,
    )
  const id = (name: string): string => `peers-${name.replaceAll(' ', '-')}`
  const each = NAMES.flatMap((name): Figure[] => [
    { id: id(`${name}-rate`), what: LABELS[name], value: median(name, ({ rate }) => rate), unit: 'msg/s' },
    { id: id(`${name}-cpu`), what: '… CPU per 100 k', value: median(name, ({ cpu }) => cpu), unit: 's' },
    {
      ...{ id: id(`${name}-p99`), what: `… p99 of the acknowledgement at ${String(QUIET_RATE)}/s` },
      ...{ value: median(name, ({ quietP99 }) => quietP99), unit: 'ms' },
    },
  ])
  return [
    ...each,
    {
      ...{ id: id('door-per-cpu'), what: 'broker and journal: messages per CPU second, × bare aedes' },
      ...{ value: 1 / ratio('door', 'aedes', ({ cpu }) => cpu), unit: '×' },
      target: { at: 'least', value: 0.8 },
    },
    {
      ...{ id: id('whole-per-cpu'), what: 'whole server: messages per CPU second, × bare aedes' },
      ...{ value: 1 / ratio('whole', 'aedes', ({ cpu }) => cpu), unit: '×' },
      target: { at: 'least', value: 0.4 },
    },
    {
      ...{ id: id('script-rate-ratio'), what: 'whole server: stored messages a second, × the script' },
      ...{ value: ratio('whole', 'script', ({ rate }) => rate), unit: '×' },
      target: { at: 'least', value: 1 },
    },
    {
      ...{ id: id('script-cpu-ratio'), what: 'whole server: CPU a message, × the script and Mosquitto' },
      ...{ value: ratio('whole', 'script', ({ cpu }) => cpu), unit: '×' },
      target: { at: 'most', value: 1 },
    },
    {
      ...{ id: id('half-p99'), what: 'whole server: p99 of the acknowledgement at half of flat out' },
      ...{ value: median('whole', ({ halfP99 }) => halfP99), unit: 'ms' },
      target: { at: 'most', value: 50 },
    },
    {
      ...{ id: id('quiet-p99-ratio'), what: `whole server: p99 at ${String(QUIET_RATE)}/s, × bare aedes` },
      ...{ value: ratio('whole', 'aedes', ({ quietP99 }) => quietP99), unit: '×' },
      target: { at: 'most', value: 2 },
    },
    {
      ...{ id: id('quiet-p99-memory-ratio'), what: '… and without the cost of fdatasync' },
      ...{ value: ratio('whole in memory', 'aedes', ({ quietP99 }) => quietP99), unit: '×' },
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
