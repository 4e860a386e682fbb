import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Ingest } from '../../broker/publish-handler.ts'
import { connectFrame, field, frame, rawClient, useBrokers } from './support.ts'

const { open } = useBrokers()

const TELEMETRY = field('dh/v1/d1/telemetry')
const COMMANDS = field('dh/v1/d1/cmd/#')
const WILL = ['dh/v1/d1/status', 'gone'] as const

/** The same numbers for the same seed. */
function chances(seed: number) {
  let state = seed * 7919 + 1
  const next = (): number => (state = (state * 1664525 + 1013904223) >>> 0) / 2 ** 32
  const upTo = (most: number): number => 1 + Math.floor(next() * most)
  const of = <T>(choices: readonly [T, ...T[]]): T => choices[upTo(choices.length) - 1] ?? choices[0]
  return { upTo, of }
}
type Chances = ReturnType<typeof chances>

interface Session {
  readonly frames: readonly Buffer[]
  /** What must be ingested, in order. */
  readonly said: readonly string[]
  /** By the type of the answer: the packet ids, in order. */
  readonly answers: ReadonlyMap<number, readonly number[]>
}

/** Anything that a device may say. */
function aSession({ upTo, of }: Chances): Session {
  const frames: Buffer[] = []
  const said: string[] = []
  const answers = new Map<number, number[]>([[0x20, [0]]])
  for (let id = 1, count = upTo(40); id <= count; id++) {
    const bytes = Buffer.from([0, id])
    const text = String(id).padEnd(upTo(of([40, 40, 40, 400])), '.')
    const [answer, first, ...parts] = of<readonly [number, number, ...Buffer[]]>([
      [0x40, 0x32, TELEMETRY, bytes],
      [0x40, 0x32, TELEMETRY, bytes],
      [0x40, 0x3a, TELEMETRY, bytes],
      [0x40, 0x33, field('dh/v1/d1/status'), bytes],
      [0, 0x30, TELEMETRY],
      [0x50, 0x34, TELEMETRY, bytes],
      [0x90, 0x82, bytes, COMMANDS, Buffer.from([1])],
      [0xb0, 0xa2, bytes, COMMANDS],
      [0xd0, 0xc0],
    ])
    const isMessage = first >> 4 === 3
    if (isMessage) said.push(text)
    frames.push(frame(first, ...parts, ...(isMessage ? [Buffer.from(text)] : [])))
    if (answer !== 0) answers.set(answer, [...(answers.get(answer) ?? []), first === 0xc0 ? 0 : id])
  }
  return { frames, said, answers }
}

/** A disk that answers at once, in the same turn, or some milliseconds later, all that wait together. */
function aDisk(delayMs: number | undefined): Ingest {
  let waiting: (() => void)[] = []
  return (_message, done) => {
    if (delayMs === undefined) return done()
    waiting.push(done)
    if (waiting.length > 1) return
    setTimeout(() => {
      const written = waiting
      waiting = []
      for (const each of written) each()
    }, delayMs)
  }
}

function answersIn(received: Buffer): Map<number, number[]> {
  const answers = new Map<number, number[]>()
  for (let at = 0; at + 1 < received.length; at += 2 + (received[at + 1] ?? 0)) {
    const type = received[at] ?? 0
    const id = (received[at + 1] ?? 0) >= 2 ? received.readUInt16BE(at + 2) : 0
    answers.set(type, [...(answers.get(type) ?? []), id])
  }
  return answers
}

describe('a session in any pieces, to its last answer', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => [seed]))('number %i', async (seed) => {
    const chance = chances(seed)
    const { frames, said, answers } = aSession(chance)
    const { port, messages } = await open({ ingest: aDisk(chance.of([undefined, 0, 3])) })
    const ends = chance.of(['open', 'closes', 'disconnects', 'disconnects and closes'] as const)
    const connect = connectFrame({ flags: chance.of([0xc4, 0xc6]), will: WILL })
    const disconnect = ends.startsWith('disconnects') ? [frame(0xe0)] : []
    const raw = await rawClient(port)
    let rest = Buffer.concat([connect, ...frames, ...disconnect])
    const most = chance.of([rest.length, 400, 30])
    while (rest.length > 0) {
      const size = most === rest.length ? most : chance.upTo(most)
      raw.send(rest.subarray(0, size))
      rest = rest.subarray(size)
      const pause = chance.of([undefined, undefined, undefined, undefined, 0, 2])
      if (pause !== undefined) await sleep(pause)
    }
    if (ends.endsWith('closes')) raw.socket.end()
    if (ends === 'open') await expect.poll(() => answersIn(raw.received())).toEqual(answers)
    else expect(answersIn(await raw.closed)).toEqual(answers)
    const taken = messages.map(({ body }) => String(body))
    expect(taken.filter((text) => text !== 'gone')).toEqual(said)
    if (ends.startsWith('disconnects')) expect(taken).not.toContain('gone')
  })
})
