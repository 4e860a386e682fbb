import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export interface ChildServer {
  start(): Promise<void>
  /** Ends it at once, as a power cut would, or freezes it with SIGSTOP until SIGCONT. */
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>
}

/** A real server as a child process; `readyUrl` answers below 300 once it serves. */
export function childServer(command: string, args: readonly string[], readyUrl: string): ChildServer {
  let child: ChildProcess | undefined
  return {
    async start() {
      child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
      let said = ''
      child.stderr?.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-4000)))
      for (const until = Date.now() + 20_000; Date.now() < until; await sleep(50)) {
        if (child.exitCode !== null) break
        const answer = await fetch(readyUrl).catch(() => undefined)
        if (answer !== undefined && answer.status < 300) return
      }
      throw new Error(`${command} did not start: ${said}`)
    },
    async signal(signal) {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      const gone = signal === 'SIGKILL' ? once(child, 'exit') : undefined
      child.kill(signal)
      await gone
      while (signal === 'SIGSTOP' && !isStopped(child)) await sleep(5)
    },
  }
}

/** A stopped process may run on for a moment: each thread stops by itself. */
function isStopped({ pid }: ChildProcess): boolean {
  const threads = `/proc/${String(pid)}/task`
  return readdirSync(threads).every((id) => /\) T /.test(readFileSync(`${threads}/${id}/stat`, 'utf8')))
}
