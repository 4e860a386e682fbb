import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../support/child-server.ts'
import { startInflux } from '../../support/influx.ts'
import { benchNetwork } from '../network.ts'
import { startServer } from '../server.ts'

/** What devices can send to, and what it costs. */
export interface Peer {
  readonly port: number
  /** Processor seconds of its processes since their start. */
  cpu(): number
  /** Resolves when all that was acknowledged is where it should be. */
  drained(sent: number): Promise<unknown>
  close(): Promise<void>
}

const TICKS_A_SECOND = 100

/** User and system time of a process and all its threads, as Linux counts it. */
function cpuSeconds(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND
}

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** A file of this folder in a process of its own, once it has told its port. */
async function forked(name: string, args: readonly string[]): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(new URL(name, import.meta.url).pathname, args)
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { child, port }
}

export async function bareAedes(): Promise<Peer> {
  const { child, port } = await forked('./bare-aedes.ts', [])
  return { port, cpu: () => cpuSeconds(child.pid), drained: async () => undefined, close: () => end(child) }
}

/** Broker and journal alone, the journal in this directory. */
export async function ourDoor(directory: string): Promise<Peer> {
  const { child, port } = await forked('./door.ts', [directory])
  const close = async (): Promise<void> => {
    const gone = once(child, 'exit')
    child.disconnect()
    await gone
  }
  return { port, cpu: () => cpuSeconds(child.pid), drained: async () => undefined, close }
}

/** All of it, its data in this directory. */
export async function wholeServer(devices: number, directory: string): Promise<Peer> {
  const server = await startServer(benchNetwork(devices, 0), {}, directory)
  return {
    port: server.mqttPort,
    cpu: () => cpuSeconds(server.pid),
    drained: () => server.drained(),
    close: () => server.remove(),
  }
}

export async function mosquitto(): Promise<Peer> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-mosquitto-'))
  const port = await freePort()
  const config = join(dir, 'mosquitto.conf')
  // Its default limits would drop most of a flood and tell nobody.
  const settings = ['allow_anonymous true', 'max_queued_messages 0', 'max_queued_bytes 0', 'user root']
  writeFileSync(config, [`listener ${String(port)} 127.0.0.1`, ...settings].join('\n'))
  const child = spawn('mosquitto', ['-c', config], { stdio: 'ignore' })
  for (let tries = 0; tries < 200 && !(await answers(port)); tries += 1) await sleep(25)
  return {
    port,
    cpu: () => cpuSeconds(child.pid),
    drained: async () => undefined,
    async close() {
      await end(child)
      rmSync(dir, { recursive: true })
    },
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const answered = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false)
  socket.destroy()
  return answered
}

/** Mosquitto, the script beside it, and InfluxDB, whose own time is not counted. */
export async function dayScript(): Promise<Peer> {
  const influx = await startInflux()
  const broker = await mosquitto()
  const { username, password } = influx.admin
  const url = `mqtt://127.0.0.1:${String(broker.port)}`
  const { child } = await forked('./day-script.ts', [url, influx.url, username, password])
  let before = 0
  const stored = async (): Promise<number> => {
    const answer = once(child, 'message')
    child.send('stored')
    const [told] = (await answer) as [{ stored: number }]
    return told.stored
  }
  return {
    port: broker.port,
    cpu: () => broker.cpu() + cpuSeconds(child.pid),
    async drained(sent) {
      while ((await stored()) < before + sent) await sleep(20)
      before += sent
    },
    async close() {
      await end(child)
      await broker.close()
      await influx.remove()
    },
  }
}
