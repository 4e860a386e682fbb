import { describe, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import type { NetworkFile } from '#contract/network.ts'
import { networkWork } from '../../../server/flows/network/network-elsewhere.ts'
import { aRegistry } from '../../support/network-registry.ts'
import { aDevice, aFile, anArea, aPipe, aSource, aStation, aWell, place } from '../../support/networks.ts'

const H = aSource('H', place(0, 0))
const A = aWell('A', place(500, 0), { devices: [aDevice('dev-a')] })
const B = aWell('B', place(900, 0))
const FIRST = aFile(H, A, aPipe('HA', H, A))
const SECOND = aFile(B, aPipe('AB', A, B))
const BAD = aFile(aPipe('AC', A, aWell('C', place(1, 1))))
const BY = { by: 'engineer' }
const DAY = 86_400_000

describe('the network registry', () => {
  it('begins empty and takes a file', async () => {
    const { registry } = await aRegistry()
    expect(registry.current().version).toBe(0)
    const answer = await registry.import(FIRST, BY)
    expect(answer).toMatchObject({ added: ['H', 'A', 'HA'], changed: [], removed: [] })
    expect(registry.current().version).toBe(1)
    expect(registry.current().devices.get('dev-a')).toMatchObject({ assetId: 'A' })
  })

  it('says what a dry run would do and does nothing', async () => {
    const { registry } = await aRegistry()
    expect(await registry.import(FIRST, { ...BY, dryRun: true })).toMatchObject({ added: ['H', 'A', 'HA'] })
    expect(registry.current().version).toBe(0)
    expect(registry.versions()).toEqual([])
  })

  it('refuses a bad file whole and changes nothing', async () => {
    const { registry } = await aRegistry()
    await registry.import(FIRST, BY)
    const refused = await registry.import(BAD, BY)
    expect(refused).toMatchObject({
      code: 'bad-network',
      errors: [{ featureId: 'AC', path: '/properties/to' }],
    })
    expect(registry.current().version).toBe(1)
  })

  it('makes no version when nothing changes', async () => {
    const { registry } = await aRegistry()
    await registry.import(FIRST, BY)
    expect(await registry.import(FIRST, BY)).toMatchObject({ added: [], changed: [], removed: [] })
    expect(registry.current().version).toBe(1)
  })

  it('removes only with replace', async () => {
    const { registry } = await aRegistry()
    await registry.import(FIRST, BY)
    await registry.import(SECOND, BY)
    expect([...registry.current().points.keys()]).toEqual(['H', 'A', 'B'])
    expect(await registry.import(FIRST, { ...BY, replace: true })).toMatchObject({ removed: ['B', 'AB'] })
    expect([...registry.current().points.keys()]).toEqual(['H', 'A'])
  })

  it('stands again after a restart', async () => {
    const { registry, db } = await aRegistry()
    await registry.import(FIRST, BY)
    await registry.import(aFile(anArea('东城运营部', place(-9, -9), place(99, 99))), BY)
    const again = (await aRegistry(db)).registry
    expect(again.current()).toEqual(registry.current())
    expect(again.versions()).toEqual([
      expect.objectContaining({
        version: 1,
        importedBy: 'engineer',
        summary: { added: 3, changed: 0, removed: 0 },
      }),
      expect.objectContaining({ version: 2, summary: { added: 1, changed: 0, removed: 0 } }),
    ])
  })

  it('keeps a department that no area names any more', async () => {
    const { registry, db } = await aRegistry()
    await registry.import(aFile(H, anArea('东城运营部', place(-9, -9), place(99, 99))), BY)
    const made = registry.current().areas[0]?.departmentId ?? ''
    await registry.import(aFile(H), { ...BY, replace: true })
    const again = (await aRegistry(db)).registry
    for (const { departments } of [registry.current(), again.current()]) {
      expect(departments.get(made)).toEqual({ id: made, name: '东城运营部' })
    }
  })

  it('takes imports that come at once one after the other', async () => {
    const { registry } = await aRegistry()
    const [first, bad, second] = await Promise.all([
      registry.import(FIRST, BY),
      registry.import(BAD, BY),
      registry.import(SECOND, BY),
    ])
    expect(first).toMatchObject({ added: ['H', 'A', 'HA'] })
    expect(isRefusal(bad)).toBe(true)
    expect(second).toMatchObject({ added: ['B', 'AB'] })
    expect(registry.current().version).toBe(2)
  })

  it('tells listeners after the commit, even when one of them fails', async () => {
    const { registry } = await aRegistry()
    const seen: number[] = []
    registry.onChange(() => {
      throw new Error('deaf')
    })
    const stop = registry.onChange((network) => void seen.push(network.version, registry.current().version))
    await registry.import(FIRST, BY)
    stop()
    await registry.import(SECOND, BY)
    expect(seen).toEqual([1, 1])
  })

  it('doubts the coordinates of a first network whose file names none, with how far it may be off', async () => {
    const { registry } = await aRegistry()
    const doubt = /没有写明坐标系,按 WGS 84 读取,管网中部在 \[[\d.]+, [\d.]+\]: .*会偏 \d{3} 米/
    const unnamed = await registry.import(FIRST, { ...BY, dryRun: true })
    expect(!isRefusal(unnamed) && unnamed.warnings[0]).toMatch(doubt)
    const crs = { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::4490' } }
    const named = await registry.import(new TextEncoder().encode(JSON.stringify({ ...FIRST, crs })), BY)
    expect(!isRefusal(named) && named.warnings.join()).not.toMatch(doubt)
    const second = await registry.import(SECOND, { ...BY, dryRun: true })
    expect(!isRefusal(second) && second.warnings.join()).not.toMatch(doubt)
  })

  it('warns of a change of responsibility', async () => {
    const { registry } = await aRegistry()
    await registry.import(FIRST, BY)
    const built = aFile(aPipe('HA', H, A, { warrantyUntil: '2027-04-15' }))
    const answer = await registry.import(built, { ...BY, dryRun: true })
    expect(!isRefusal(answer) && answer.warnings.join('\n')).toContain(
      'A、HA 的责任部门由管网运行部转管网工程部',
    )
  })
})

describe('the network as of a past instant', () => {
  async function twoVersions() {
    const made = await aRegistry()
    const start = made.clock.at
    await made.registry.import(FIRST, BY)
    made.clock.at += DAY
    await made.registry.import(SECOND, BY)
    return { ...made, start }
  }

  it('is the version imported last before it, from the very millisecond on', async () => {
    const { registry, start } = await twoVersions()
    expect(registry.asOf(start + DAY - 1).version).toBe(1)
    expect(registry.asOf(start + DAY).version).toBe(2)
    expect(registry.asOf(start + DAY - 1).points.has('B')).toBe(false)
  })
  it('is the first one before the first import', async () => {
    const { registry, start } = await twoVersions()
    expect(registry.asOf(start - DAY).version).toBe(1)
  })
  it('is the same object each time, also after a restart', async () => {
    const { db, start } = await twoVersions()
    const { registry } = await aRegistry(db)
    expect(registry.asOf(start)).toBe(registry.asOf(start + 1))
    expect(registry.asOf(start + DAY)).toBe(registry.current())
  })
})

describe('F16 a large file', () => {
  /** A comb of 2,500 wells and stations with 2,500 pipes. */
  function large(): NetworkFile {
    const points = Array.from({ length: 2500 }, (_, i) => {
      const at = place((i % 50) * 60 + 60, Math.floor(i / 50) * 60)
      return i % 10 === 9 ? aStation(`S${i}`, at) : aWell(`W${i}`, at, { devices: [aDevice(`d${i}`)] })
    })
    const pipes = points.map((point, i) => aPipe(`P${i}`, i % 50 === 0 ? H : (points[i - 1] ?? H), point))
    return aFile(H, ...points, ...pipes)
  }

  it('is checked in a thread of its own, with the same answer', async () => {
    const { registry } = await aRegistry()
    const began = performance.now()
    const answer = await registry.import(large(), BY)
    console.log(`5,001 assets imported in ${Math.round(performance.now() - began)} ms`)
    expect(!isRefusal(answer) && answer.added).toHaveLength(5001)
    expect(registry.current().pipes.size).toBe(2500)
    expect(await registry.import(large(), BY)).toMatchObject({ added: [], changed: [], removed: [] })
    const refused = await registry.import(aFile(...large().features, aPipe('bad', H, B)), BY)
    expect(refused).toMatchObject({ errors: [{ featureId: 'bad' }] })
  })

  it('is refused in words when its check would take all the memory, or for ever', async () => {
    const work = {
      incoming: Buffer.from(JSON.stringify(large())),
      departments: [],
      replace: false,
      dryRun: false,
      at: 0,
    }
    for (const most of [
      { ms: 60_000, memoryMb: 12 },
      { ms: 1, memoryMb: 512 },
    ]) {
      const done = await networkWork(work, most)
      expect(done).toMatchObject({
        kind: 'bad',
        mistakes: [{ message: expect.stringContaining('耗尽了时间或内存') }],
      })
    }
  })
})
