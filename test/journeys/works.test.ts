import { afterEach, describe, expect, it } from 'vitest'
import type { IncidentView } from '#contract/incident.ts'
import { openCover } from '../support/town.ts'
import { aWorld, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

/** Works at w1 from 08:00 to 18:00 on the 15th, announced 48 hours before. */
async function announce(): Promise<void> {
  world = await aWorld({ start: '2026-01-13T08:00:00' })
  await world
    .as('dispatcher')
    .post('/notices', {
      kind: 'planned_works',
      text: 'w1 井阀门检修',
      documentId: '检字 12 号',
      assetIds: ['w1'],
      effectiveAt: '2026-01-15T08:00:00+08:00',
      until: '2026-01-15T18:00:00+08:00',
    })
}

async function opensAt(text: string, well: string) {
  await world.until(text)
  await world.publish(`dev-${well}`, openCover(world.now() - 40_000, 3))
  await world.settle()
  const { items } = await world.as('dispatcher').get<{ items: IncidentView[] }>('/incidents')
  const incident = items.find(({ assetIds }) => assetIds.includes(well))
  const tickets = await world.as('dispatcher').tickets()
  const sentence = incident?.evidence.map((one) => one.sentence.zh).join('') ?? ''
  return { incident, sentence, ticket: tickets.find(({ assetId }) => assetId === well) }
}

describe('an open cover where works are announced', () => {
  it('is a special emergency like any other, and its sentence names the works (Ex 10)', async () => {
    await announce()
    const { incident, sentence, ticket } = await opensAt('2026-01-15T10:00:00', 'w1')
    expect(incident).toMatchObject({ kind: 'cover', state: 'confirmed' })
    expect(ticket).toMatchObject({ level: 'special', state: 'dispatched' })
    expect(sentence).toContain('w1 井阀门检修')
  })

  it('also after a restart, for then the notices are read again', async () => {
    await announce()
    await world.until('2026-01-15T09:59:00')
    await world.restart()
    expect((await opensAt('2026-01-15T10:00:00', 'w1')).sentence).toContain('w1 井阀门检修')
  })

  it.each([
    ['before they begin', '2026-01-15T07:59:00', 'w1'],
    ['when they are over', '2026-01-15T18:00:00', 'w1'],
    ['at another well', '2026-01-15T10:00:00', 'w2'],
  ])('says nothing of them %s', async (_name, text, well) => {
    await announce()
    const { incident, sentence } = await opensAt(text, well)
    expect(incident).toMatchObject({ kind: 'cover', state: 'confirmed' })
    expect(sentence).not.toContain('检修')
  })
})
