import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { CallRequest } from '#contract/hotline.ts'
import { Errors } from 'typebox/value'
import { consultCall, coverCall, createHotline, notHotCall, ventCall } from '../../simulators/callers.ts'
import { demoNetwork } from '../../simulators/demo-network.ts'
import { writeStory } from '../../simulators/demo-story.ts'

const NOW = Date.parse('2026-01-15T22:50:00+08:00')
const SPOT = { address: '狮城街12号', position: [106.72, 39.5] as const }

const open: (() => void)[] = []
afterEach(() => open.splice(0).forEach((close) => close()))

describe('residents', () => {
  it.each([coverCall(1, SPOT, NOW), notHotCall(1, SPOT, NOW), consultCall(1, SPOT), ventCall(1, SPOT, NOW)])(
    'say what the contract asks of a call: $kind',
    (call) => {
      expect(Errors(CallRequest, call)).toEqual([])
      expect(call.callerPhone).toMatch(/^1380000\d{4}$/)
      expect(call.beganAt ?? call.beganUnknown).toBeDefined()
      if (['cover', 'well_vent'].includes(call.kind)) {
        expect(call.scene).toBeDefined()
        expect(['consult', 'complaint']).toContain(call.contact)
      }
    },
  )

  it('stand within 20 m of what they report', () => {
    const { position } = coverCall(1, SPOT, NOW)
    const east = ((position?.[0] ?? 0) - SPOT.position[0]) * 85_800
    const north = ((position?.[1] ?? 0) - SPOT.position[1]) * 111_195
    expect(Math.hypot(east, north)).toBeLessThan(20)
  })

  it('phone in the story about the same cover, a cold flat elsewhere, and a question', () => {
    const calls = writeStory(demoNetwork(), 7, NOW).calls(NOW)
    expect(calls.map(({ call }) => call.kind).sort()).toEqual(['consult', 'cover', 'not_hot'])
    for (const { at } of calls) expect(at - NOW).toBeLessThan(120_000)
  })
})

describe('the hotline’s operator', () => {
  it('signs in once, again when the session has ended, and says why a call was refused', async () => {
    const seen: string[] = []
    const answers = [201, 401, 201, 422]
    const server = createServer(async (request: IncomingMessage, reply) => {
      const body = (await json(request)) as { username?: string }
      seen.push(`${request.url ?? ''} ${request.headers.cookie ?? ''} ${body.username ?? ''}`.trim())
      if (request.url === '/api/v1/session') {
        reply.setHeader('set-cookie', 'wellwatch_session=abc; HttpOnly; Path=/').writeHead(200).end('{}')
      } else {
        reply.writeHead(answers.shift() ?? 500).end('{"detail":"缺少必填项"}')
      }
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    open.push(() => server.close())
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const hotline = createHotline({
      httpUrl: `http://127.0.0.1:${port}`,
      username: 'operator',
      password: 'demo',
    })
    await hotline.report(consultCall(1, SPOT))
    await hotline.report(consultCall(1, SPOT))
    await expect(hotline.report(consultCall(1, SPOT))).rejects.toThrow('422 {"detail":"缺少必填项"}')
    const call = '/api/v1/calls wellwatch_session=abc'
    expect(seen.map((line) => line.replace(/ +(operator)?$/, ''))).toEqual([
      '/api/v1/session',
      call,
      call,
      '/api/v1/session',
      call,
      call,
    ])
  })
})
