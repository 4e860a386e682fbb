import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { PolicyPack } from '../../server/domain/policy/policy-pack.ts'
import { TIANJIN } from '../../server/domain/policy/tianjin.ts'
import { WUDA } from '../../server/domain/policy/wuda.ts'
import { aCall, type Taken } from '../support/calls.ts'
import { aWorld, type World } from '../support/world.ts'

let world: World
let dir: string
const inForce = (pack: PolicyPack) => {
  writeFileSync(join(dir, 'policy.json'), JSON.stringify(pack))
}
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'policy-'))
  inForce(WUDA)
  world = await aWorld({ start: '09:00:00', config: { policyFile: join(dir, 'policy.json') } })
})
afterEach(async () => {
  await world.close()
  rmSync(dir, { recursive: true })
})

const swapTo = (pack: PolicyPack) =>
  world.restart(async () => {
    inForce(pack)
  })
const call = (more: object = {}) =>
  world.as('operator').post<Taken>('/calls', aCall({ assetId: 'w2', ...more }))
const ticket = (id: string, when?: string) => world.as('wall').ticket(id, when)

it('an open ticket keeps the policy that it was opened under, a new one has the new policy', async () => {
  const { id } = (await call()).ticket
  await world.advance({ minutes: 30 })
  const before = await ticket(id)
  expect(before).toMatchObject({ dueAt: '2026-01-15T13:00:00+08:00', policy: { id: 'wuda', inForce: true } })
  await swapTo(TIANJIN)
  const after = await ticket(id)
  expect({ ...after, policy: before.policy }).toEqual(before)
  expect(after.policy).toEqual({ ...before.policy, inForce: false })

  const next = (await call({ join: 'new', callerPhone: '13900000000' })).ticket
  expect(next).toMatchObject({ dueAt: '2026-01-15T15:30:00+08:00', policy: { id: 'tianjin', inForce: true } })
  const shown = await world.as('wall').get<PolicyPack>(`/policy?edition=${String(before.policy?.edition)}`)
  expect([shown.id, shown.clocks.repair_cover.limitMinutes]).toEqual(['wuda', 240])
  expect((await world.as('wall').get<PolicyPack>('/policy')).id).toBe('tianjin')

  await world.until('13:00:01')
  const [old, young] = [await ticket(id), await ticket(next.id)]
  const states = (shown: typeof old) => shown.clocks.find(({ key }) => key === 'repair_cover')?.state
  expect([states(old), states(young)]).toEqual(['breached', 'running'])
})

it('commands, the past and a return to the old policy go by the same edition', async () => {
  const { id } = (await call()).ticket
  await swapTo(TIANJIN)
  await world.advance({ hours: 4, minutes: 5 })
  const accepted = await world.as('officer-network-ops').does(id, 'accept')
  expect(accepted.clocks.filter(({ key }) => key === 'close_level')).toHaveLength(1)
  await swapTo(WUDA)
  const back = await ticket(id)
  expect(back.policy).toMatchObject({ id: 'wuda', inForce: true })
  expect(back.clocks).toEqual(accepted.clocks)
  const then = await ticket(id, '2026-01-15T09:00:00+08:00')
  expect(then).toMatchObject({ dueAt: '2026-01-15T13:00:00+08:00', state: 'dispatched' })
  const marks = back.events.flatMap(({ type, data }) =>
    type === 'warned' || type === 'breached' ? [`${String(data['clock'])} ${String(data['step'])}`] : [],
  )
  expect(new Set(marks).size).toBe(marks.length)
})

it('an edition that nobody knows is not found', async () => {
  expect((await world.as('wall').ask('GET', '/policy?edition=nothing')).status).toBe(404)
})
