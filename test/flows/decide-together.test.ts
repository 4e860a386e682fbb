import { expect, it, onTestFinished } from 'vitest'
import { raiseIncidents } from '../../server/flows/incident/raise-incidents.ts'
import { showOpen } from '../../server/flows/decisions/show-tickets.ts'
import { aDeskWorld, coverFinding } from '../support/desk-world.ts'

it('what is committed stands, though it could not be shown: the screens are told to begin anew', async () => {
  const world = await aDeskWorld('22:50:00')
  onTestFinished(() => world.close())
  const onPublishFailed: unknown[] = []
  const broken = new Error('a view is broken')
  const desk = {
    ...world.services,
    live: {
      publish() {
        throw broken
      },
    },
    onPublishFailed: (error: unknown) => void onPublishFailed.push(error),
  }
  await raiseIncidents(desk, [coverFinding('W1', '22:50:00')])
  expect(onPublishFailed).toEqual([broken])
  expect((await showOpen(world.services)).tickets).toHaveLength(1)
})
