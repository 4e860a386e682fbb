import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { run } from '../support/server-process.ts'

vi.setConfig({ testTimeout: 90_000 })

const dir = mkdtempSync(join(tmpdir(), 'commands-'))
const outside = createServer((_, response) => {
  calls += 1
  response.end()
})
let calls = 0
afterEach(() => {
  outside.close()
  rmSync(dir, { recursive: true, force: true })
})

it('a command beside a server that is down gives the outside watch no sign of life', async () => {
  await once(outside.listen(0, '127.0.0.1'), 'listening')
  const { port } = outside.address() as AddressInfo
  const config = join(dir, 'wellwatch.toml')
  writeFileSync(
    config,
    `heartbeat_url = "http://127.0.0.1:${String(port)}/"\n[notify]\nallow = ["127.0.0.1"]\n`,
  )
  const listed = await run(['server/cli.ts', 'users', 'list'], {
    WELLWATCH_DATA_DIR: join(dir, 'data'),
    WELLWATCH_CONFIG: config,
  })
  expect(listed).toMatchObject({ code: 0, out: '' })
  expect(calls).toBe(0)
})
