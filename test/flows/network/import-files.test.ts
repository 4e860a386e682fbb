import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Role } from '#contract/vocabulary.ts'
import { importDelivery } from '../../../server/flows/network/import-delivery.ts'
import { deliveryThread } from '../../../server/formats/delivery-thread.ts'
import { importRoutes } from '../../../server/http/network/import-routes.ts'
import type { DeliveredFile } from '../../../server/flows/network/read-delivery.ts'
import { importFiles, type Submit } from '../../../server/flows/network/import-files.ts'
import { submitToServer } from '../../../server/flows/network/import-to-server.ts'
import { createHttp } from '../../../server/http/core/http.ts'
import { aRegistry } from '../../support/network-registry.ts'
import { aFile, aPipe, aSource, aWell, place } from '../../support/networks.ts'
import { silentLog } from '../../support/silent-log.ts'

const H = aSource('H', place(0, 0))
const A = aWell('A', place(500, 0))
const cleanUp: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanUp.splice(0)) await clean()
})

/** Files as they lie on a disk. */
async function files(...contents: readonly (object | string)[]): Promise<readonly DeliveredFile[]> {
  const dir = await mkdtemp(join(tmpdir(), 'import-'))
  cleanUp.push(() => rm(dir, { recursive: true }))
  return Promise.all(
    contents.map(async (content, i) => {
      const name = join(dir, `${i + 1}.geojson`)
      await writeFile(name, typeof content === 'string' ? content : JSON.stringify(content))
      return { name: `${i + 1}.geojson`, bytes: await readFile(name) }
    }),
  )
}

async function run(
  submit: Submit,
  given: readonly DeliveredFile[],
  options: { dryRun?: boolean; replace?: boolean } = {},
) {
  const lines: string[] = []
  const shares: number[] = []
  const good = await importFiles({
    order: { files: given },
    submit,
    dryRun: options.dryRun ?? false,
    replace: options.replace ?? false,
    print: (line) => lines.push(line),
    progress: (share) => shares.push(share),
  })
  return { good, shares, text: lines.join('\n') }
}

async function opened() {
  const { registry, clock } = await aRegistry()
  const submit: Submit = (order, options) =>
    importDelivery({ registry, read: deliveryThread }, order, { by: 'command', ...options })
  return { registry, clock, submit }
}

describe('importing files where no server runs', () => {
  it('does not import files in Beijing 54 without the parameters of the city, and names the file', async () => {
    const { registry, submit } = await opened()
    const crs = { type: 'name', properties: { name: 'EPSG:4214' } }
    const { good, text } = await run(submit, await files(aFile(H), { ...aFile(A), crs }))
    expect(good).toBe(false)
    expect(text).toMatch(/北京54、西安80 没有本市的转换参数,位置可能偏 50–150 米.*: 2\.geojson › 2/)
    expect(registry.versions()).toEqual([])
  })

  it('previews, imports, and moves its bar to the end', async () => {
    const { registry, submit } = await opened()
    const { good, shares, text } = await run(submit, await files(aFile(H, A, aPipe('HA', H, A))))
    expect(good).toBe(true)
    expect(text).toContain('新增 3: H、A、HA')
    expect(text).toContain('注意: 热源 H 缺供水压力')
    expect(text).toContain('已导入: 新增 3,更改 0,移除 0')
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
    expect(registry.current().version).toBe(1)
  })
  it('takes several files as one network, whichever comes first', async () => {
    const { registry, submit } = await opened()
    const { good } = await run(submit, await files(aFile(aPipe('HA', H, A)), aFile(H, A)))
    expect(good).toBe(true)
    expect(registry.current().pipes.size).toBe(1)
  })
  it('with replace removes what none of them holds', async () => {
    const { registry, submit } = await opened()
    await run(submit, await files(aFile(H, A)))
    expect((await run(submit, await files(aFile(H)), { replace: true })).text).toContain('移除 1: A')
    expect([...registry.current().points.keys()]).toEqual(['H'])
  })
  it('a dry run changes nothing and says so', async () => {
    const { registry, submit } = await opened()
    const { good, text } = await run(submit, await files(aFile(H)), { dryRun: true })
    expect({ good, version: registry.current().version }).toEqual({ good: true, version: 0 })
    expect(text).toContain('没有做任何改动')
  })
  it('lists every mistake and imports nothing', async () => {
    const { registry, submit } = await opened()
    const { good, text } = await run(submit, await files(aFile(H, aPipe('HA', H, A))))
    expect({ good, version: registry.current().version }).toEqual({ good: false, version: 0 })
    expect(text).toMatch(/管线的端点 A 不存在.*: 1\.geojson › 1 › 第 2 行 › HA/)
  })
  it.each([
    ['broken JSON', '{', '2.geojson: 不是有效的 JSON'],
    ['another GeoJSON', '{"type":"Feature"}', '2.geojson: 不是 GeoJSON'],
    ['null', 'null', '2.geojson: 不是 GeoJSON'],
  ])('names the file that is %s', async (_name, content, words) => {
    const { registry, submit } = await opened()
    const { good, text } = await run(submit, await files(aFile(H), content))
    expect({ good, version: registry.current().version }).toEqual({ good: false, version: 0 })
    expect(text).toContain(words)
  })
  it('wants a file', async () => {
    const { submit } = await opened()
    expect(await run(submit, [])).toMatchObject({
      good: false,
      text: '未导入: 没有给出文件 (no file is given)',
    })
  })
})

describe('importing files into a running server', () => {
  async function running() {
    const { registry } = await opened()
    const http = await createHttp({
      log: silentLog,
      identify: async (role) => ({ kind: 'person', id: role, name: role, roles: [role as Role] }),
    })
    await http.register(importRoutes({ registry, readDelivery: deliveryThread }))
    const url = await http.listen({ port: 0, host: '127.0.0.1' })
    cleanUp.push(() => http.close())
    return { registry, url }
  }

  it('speaks to it with a key', async () => {
    const { registry, url } = await running()
    const submit = submitToServer({ url, key: 'engineer' })
    expect((await run(submit, await files(aFile(H, A)))).good).toBe(true)
    expect(registry.versions()).toMatchObject([{ version: 1, importedBy: 'engineer' }])
  })
  it('passes on its mistakes and its no', async () => {
    const { url } = await running()
    const bad = await files(aFile(H, aPipe('HA', H, A)))
    expect((await run(submitToServer({ url, key: 'engineer' }), bad)).text).toContain('管线的端点 A 不存在')
    expect(await run(submitToServer({ url, key: 'wall' }), bad)).toMatchObject({ good: false })
  })
  it('throws when there is no such server', async () => {
    const submit = submitToServer({ url: 'http://127.0.0.1:1', key: 'engineer' })
    await expect(run(submit, await files(aFile(H)))).rejects.toThrow()
  })
})
