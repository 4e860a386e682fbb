import { afterEach, describe, expect, it } from 'vitest'
import type { NetworkFile } from '#contract/network.ts'
import type { Problem } from '#contract/problem.ts'
import { aTown, openCover } from '../support/town.ts'
import { aWorld, msOf, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

async function opens(well: string) {
  await world.publish(`dev-${well}`, openCover(world.now() - 40_000, 3))
  await world.settle()
  const tickets = await world.as('dispatcher').tickets()
  return tickets.find(({ assetId }) => assetId === well)
}

/** The town with every well's properties changed by hand. */
function aTownWith(
  change: (properties: NetworkFile['features'][number]['properties']) => object | undefined,
) {
  const file = aTown()
  const features = file.features.flatMap((feature) => {
    const properties = change(feature.properties)
    return properties === undefined ? [] : [{ ...feature, properties }]
  })
  return { ...file, features }
}

describe('who is responsible', () => {
  it('a trunk in warranty is 管网工程部’s to the last second, then 管网运行部’s (Ex 4)', async () => {
    world = await aWorld({ start: '2026-01-31T23:58:00' })
    expect(await opens('n1')).toMatchObject({
      department: { id: 'network-eng', rule: 'trunk_under_warranty' },
    })
    await world.until('2026-02-01T00:00:00')
    await world.publish('dev-n1', { ts: world.now(), event: 'cover_closed' }, 'event')
    expect((await opens('w1'))?.department).toMatchObject({ id: 'network-ops', rule: 'primary_in_service' })
  })

  it('judged as of the report: opened in warranty, still 管网工程部 when dispatched after it', async () => {
    world = await aWorld({ start: '2026-01-31T23:58:00' })
    const { ticket } = await world
      .as('operator')
      .post<{ ticket: { id: string; state: string } }>('/calls', {
        kind: 'cover',
        address: 'n1',
        assetId: 'n1',
        callerPhone: '13812345678',
        beganUnknown: '不知',
        scene: '移位',
      })
    await world.until('2026-02-01T00:03:00')
    await world.as('officer-network-eng').does(ticket.id, 'reject', { reason: '已过质保' })
    const sent = await world.as('dispatcher').does(ticket.id, 'dispatch', { channel: 'system' })
    expect(sent.department).toMatchObject({ id: 'network-eng', rule: 'trunk_under_warranty' })
  })

  it('opened at the instant at which the warranty ends: 管网运行部', async () => {
    world = await aWorld({ start: '2026-02-01T00:00:00' })
    expect((await opens('n1'))?.department).toMatchObject({ id: 'network-ops', rule: 'primary_in_service' })
  })

  it.each([
    ['w1', 'network-ops', 'primary_in_service'],
    ['b1', 'network-ops', 'primary_in_service'],
    ['n1', 'network-eng', 'trunk_under_warranty'],
    ['sw1', 'area-2', 'secondary_side'],
  ])('a cover at %s goes to %s by %s', async (well, departmentId, rule) => {
    world = await aWorld()
    expect((await opens(well))?.department).toMatchObject({ id: departmentId, rule })
  })
})

describe('a network imported while tickets are open', () => {
  it('leaves them where they are; new ones follow the new table; a bad file changes nothing', async () => {
    world = await aWorld()
    const before = await opens('w1')
    const engineer = world.as('engineer')
    const building = aTownWith((properties) =>
      properties.kind === 'pipe' && properties.id === 'p2'
        ? { ...properties, underConstruction: true }
        : properties.kind === 'well' && properties.id === 'w3'
          ? undefined
          : properties,
    )
    const refused = await engineer.ask<Problem>('POST', '/network/imports?replace=true', building)
    expect(refused.status).toBe(422)
    expect(refused.body.errors?.map(({ featureId }) => featureId)).toEqual(
      expect.arrayContaining(['p3', 'p4']),
    )
    expect(await engineer.get<{ networkVersion: number }>('/assets/w3')).toMatchObject({ networkVersion: 1 })

    const sound = aTownWith((properties) =>
      properties.kind === 'pipe' && properties.id === 'p2'
        ? { ...properties, underConstruction: true }
        : properties,
    )
    const dry = await engineer.post<object>('/network/imports?dryRun=true', sound)
    expect(dry).toMatchObject({ changed: expect.arrayContaining(['p2']) as string[], removed: [] })
    expect(await engineer.get<object>('/assets/w2')).toMatchObject({ networkVersion: 1 })
    await engineer.post('/network/imports', sound)
    expect(await engineer.get<object>('/assets/w2')).toMatchObject({ networkVersion: 2 })
    expect(await world.as('dispatcher').ticket(before?.id ?? '')).toMatchObject({
      state: 'dispatched',
      department: { id: 'network-ops' },
      dueAt: before?.dueAt,
    })
    expect((await opens('w2'))?.department).toMatchObject({ id: 'network-eng', rule: 'trunk_under_warranty' })
  })

  it('that takes the well away leaves its ticket to be worked off', async () => {
    world = await aWorld()
    const ticket = await opens('b1')
    const without = aTownWith((properties) =>
      ['b1', 's2', 'p5', 'p6'].includes('id' in properties ? String(properties.id) : '')
        ? undefined
        : properties,
    )
    const answer = await world
      .as('engineer')
      .post<{ removed: string[] }>('/network/imports?replace=true', without)
    expect(answer.removed).toEqual(expect.arrayContaining(['b1']))
    await world.restart()
    await world.until('23:10:00')
    const kept = await world.as('officer-network-ops').ticket(ticket?.id ?? '')
    expect(kept).toMatchObject({ assetId: 'b1', dueAt: ticket?.dueAt })
    expect(msOf(kept.dueAt)).toBe(world.ms('2026-01-16T02:50:00'))
    expect((await world.as('wall').incidents())[0]).toMatchObject({ state: 'confirmed' })
  })
})
