import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { aWorld } from '../support/world.ts'

it('a session file that cannot be written is told, devices are acknowledged, and it is over when it can be', async () => {
  const world = await aWorld()
  onTestFinished(() => world.close())
  const told = async (): Promise<string | undefined> => {
    const answer = await fetch(`${world.url()}/readyz`)
    const { troubles } = (await answer.json()) as { troubles: { part: string; text: { en: string } }[] }
    return troubles.find(({ part }) => part === 'broker')?.text.en
  }
  const stranger = new DatabaseSync(join(world.dir, 'sessions.sqlite'))
  stranger.exec('begin immediate')
  await expect.poll(told, { timeout: 15_000 }).toContain('sessions cannot be written')
  await world.publish('dev-w1', { battery_v: 3.6 })
  expect((await fetch(`${world.url()}/readyz`)).status).toBe(200)
  stranger.exec('rollback')
  stranger.close()
  await expect.poll(told, { timeout: 15_000 }).toBeUndefined()
})
