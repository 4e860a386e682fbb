import { afterEach, expect, it } from 'vitest'
import type { NetworkFile } from '#contract/network.ts'
import { aCall, type Taken } from '../support/calls.ts'
import { aTown } from '../support/town.ts'
import { aWorld, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

const call = (assetId: string) =>
  world.as('operator').post<Taken>('/calls', aCall({ assetId, join: 'new', callerPhone: '13800000001' }))

/** The town with its new trunk in warranty for another two years. */
function longerWarranty(): NetworkFile {
  const town = aTown()
  return JSON.parse(
    JSON.stringify(town).replaceAll('2026-02-01T00:00:00+08:00', '2028-02-01T00:00:00+08:00'),
  ) as NetworkFile
}
const warningsOf = async (file: NetworkFile) => {
  const { warnings } = await world.as('engineer').post<{ warnings: string[] }>('/network/imports', file)
  return warnings.filter((warning) => warning.includes('管理范围变更'))
}

it('Ex 37: the warranty ends while the ticket is open: it stays, and re-dispatch is offered (A11)', async () => {
  world = await aWorld({ start: '2026-01-31T23:58:00' })
  const { id, department, dueAt } = (await call('n1')).ticket
  expect(department).toMatchObject({ id: 'network-eng', rule: 'trunk_under_warranty' })
  const flags = async () => (await world.as('wall').ticket(id)).flags
  await world.until('2026-01-31T23:59:59')
  expect(await flags()).not.toContain('responsibility_changed')
  await world.until('2026-02-01T00:00:00')
  expect(await flags()).toContain('responsibility_changed')
  const [listed] = await world.as('wall').tickets('state=open')
  expect(listed?.flags).toContain('responsibility_changed')
  expect((await world.as('wall').ticket(id)).department).toEqual(department)
  const moved = await world.as('dispatcher').does(id, 'dispatch', { channel: 'system' })
  expect(moved.department).toMatchObject({ id: 'network-ops', rule: 'primary_in_service' })
  expect(moved.dueAt).toBe(dueAt)
  expect(await flags()).not.toContain('responsibility_changed')
})

it('Ex 38: the table changes without notice, late, or in time: the import says which (A27)', async () => {
  world = await aWorld({ start: '2026-02-10T08:00:00' })
  const [, without] = await warningsOf(longerWarranty())
  expect(without).toBe('没有登记管理范围变更通知,须补办(第四条B)')

  const form = new FormData()
  form.append('file', new Blob(['通知'], { type: 'text/plain' }), '通知.txt')
  const { body } = await world.as('dispatcher').ask<{ id: string }>('POST', '/attachments', form)
  await world
    .as('dispatcher')
    .post('/notices', {
      kind: 'scope',
      text: '质保期变更',
      documentId: body.id,
      effectiveAt: '2026-02-12T08:00:00+08:00',
    })
  await world.until('2026-02-12T07:59:00')
  expect((await warningsOf(aTown()))[1]).toBe(
    '管理范围变更通知于 2026-02-10 08:00 收到,提前 47.9 小时,不足 48 小时(第四条B)',
  )
  await world.until('2026-02-12T08:00:00')
  expect((await warningsOf(longerWarranty()))[1]).toBe(
    '管理范围变更通知于 2026-02-10 08:00 收到,提前 48 小时',
  )
})
