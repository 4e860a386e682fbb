import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const SERVER = 'wellwatch-server'

/** A real Mosquitto with our own configuration and access list, on a free port of the loopback. */
export interface Mosquitto {
  readonly port: number
  readonly url: string
  readonly server: { readonly username: string; readonly password: string }
  start(): Promise<void>
  /** SIGTERM, which saves sessions and queues to disk. */
  stop(): Promise<void>
  remove(): Promise<void>
}

export async function prepareMosquitto(devices: readonly string[]): Promise<Mosquitto> {
  const directory = mkdtempSync(join(tmpdir(), 'wellwatch-mosquitto-'))
  const port = await freePort()
  const file = (name: string) => join(directory, name)
  mkdirSync(file('store'))
  for (const [index, name] of [SERVER, ...devices].entries()) {
    const create = index === 0 ? ['-c'] : []
    execFileSync('mosquitto_passwd', [...create, '-b', file('passwd'), name, `secret-${name}`], {
      stdio: 'ignore',
    })
  }
  writeFileSync(file('acl'), readFileSync('server/deploy/mosquitto.acl'))
  writeFileSync(file('mosquitto.conf'), shippedConfiguration(file, port))
  let running: ChildProcess | undefined

  async function stop(): Promise<void> {
    const child = running
    running = undefined
    if (child === undefined || child.exitCode !== null) return
    const ended = new Promise((done) => child.once('exit', done))
    child.kill('SIGTERM')
    await ended
  }

  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    server: { username: SERVER, password: `secret-${SERVER}` },
    async start() {
      running = spawn('mosquitto', ['-c', file('mosquitto.conf')], { stdio: 'ignore' })
      for (let tries = 0; !(await answers(port)); tries++) {
        if (tries > 100 || running.exitCode !== null) throw new Error('mosquitto did not start')
        await sleep(50)
      }
    },
    stop,
    async remove() {
      await stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** server/deploy/mosquitto.conf with the paths and the port of this test, and without TLS. */
function shippedConfiguration(file: (name: string) => string, port: number): string {
  const shipped = readFileSync('server/deploy/mosquitto.conf', 'utf8')
  return shipped
    .replace(/^listener 8883$[\s\S]*?(?=^# The server on this machine)/m, '')
    .replace('listener 1883 127.0.0.1', `listener ${port} 127.0.0.1`)
    .replace('/etc/mosquitto/wellwatch.passwd', file('passwd'))
    .replace('/etc/mosquitto/wellwatch.acl', file('acl'))
    .replace('/var/lib/mosquitto/', `${file('store')}/`)
    .concat(`\nuser ${userInfo().username}\n`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

function answers(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.destroy()
      answer(true)
    })
    socket.once('error', () => answer(false))
  })
}
