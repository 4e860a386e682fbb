import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { createHttp } from '../../server/http/core/http.ts'
import { silentLog } from '../support/silent-log.ts'

it('N27 a request that trickles in is ended, while others are served', async () => {
  const http = await createHttp({ log: silentLog, identify: async () => undefined, headMs: 150 })
  http.get('/here', async () => 'here')
  await http.listen({ port: 0, host: '127.0.0.1' })
  const address = http.server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const slow = connect(port, '127.0.0.1').on('error', () => undefined)
  slow.write('GET /here HTTP/1.1\r\nhost: x\r\nx: ')
  const trickle = setInterval(() => slow.write('a'), 20)
  const ended = new Promise<string>((resolve) => slow.once('close', () => resolve('ended')))
  expect(await (await fetch(`http://127.0.0.1:${String(port)}/here`)).text()).toBe('here')
  expect(await ended).toBe('ended')
  clearInterval(trickle)
  await http.close()
})
