import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { WUDA } from '../../server/domain/policy/wuda.ts'
import { aCall, type Taken } from '../support/calls.ts'
import { PHONE, picture, useStage } from '../support/browser.ts'
import { deskOf, phoneOf } from './screens.ts'

const stage = useStage()

/** A city whose rules differ where those that come with Wellwatch agree. */
const RIVERSIDE = {
  id: 'riverside',
  extends: 'wuda',
  title: { zh: '河畔市热线管理办法', en: 'Riverside, hotline rules' },
  clauses: { on_site: '第十二条2' },
  kinds: {
    cover: { extension: 'allowed', clocks: [...WUDA.kinds.cover.clocks, 'answer_extension'] },
    well_vent: { extension: 'refused' },
  },
  clocks: { repair_cover: { extendable: true } },
  reviewLevels: [{ name: { zh: '客服审核', en: 'review by service' }, role: 'service' }],
}

it('a city that differs by a file is offered on every screen what its own rules take', async () => {
  const policyFile = join(mkdtempSync(join(tmpdir(), 'city-')), 'riverside.json')
  writeFileSync(policyFile, JSON.stringify(RIVERSIDE))
  const world = await stage.world({ config: { clock: 'system', policyFile } })
  const operator = world.as('operator')
  const { ticket } = await operator.post<Taken>('/calls', aCall({ assetId: 'w1' }))
  const vent = await operator.post<Taken>(
    '/calls',
    aCall({ assetId: 'w2', kind: 'well_vent', scene: '冒汽' }),
  )
  const desk = deskOf(await stage.screen(world, 'dispatcher'))
  const officer = deskOf(await stage.screen(world, 'officer-network-ops'))

  // The board says nothing of this ticket for the desk, which asks on opening it.
  await world.as('officer-network-ops').does(vent.ticket.id, 'accept')
  await desk.page.reload()
  await desk.row('热力井w2').click()
  await desk.act('备注').waitFor()
  await desk.actions.getByText('代为登记').click()
  await desk.act('到场').waitFor()
  expect(await desk.act('延时申请').count()).toBe(0)
  await picture(desk.page, 'another-city-desk')

  // An extension of a cover, which this city allows its unit, is offered and taken.
  await officer.row('热力井w1').click()
  await officer.act('接单').click()
  await officer.act('转抢修').waitFor()
  await officer.act('延时申请').click()
  await officer.form.getByLabel('理由').fill('等配件')
  await officer.form.getByLabel('申请延至').fill('下周')
  await officer.form.getByRole('button', { name: '还缺：申请延至' }).waitFor()
  const { dueAt = '' } = await operator.ticket(ticket.id)
  const later = new Date(Date.parse(dueAt) + 9 * 3_600_000).toISOString()
  await officer.form.getByLabel('申请延至').fill(`${later.slice(0, 10)} ${later.slice(11, 16)}`)
  await officer.form.getByRole('button', { name: '提交延时申请' }).click()
  await officer.said.getByText('延时申请').waitFor()
  expect((await operator.ticket(ticket.id)).extensions).toHaveLength(1)

  // The phone asks by this city's own clause.
  const crew = phoneOf(await stage.screen(world, 'crew-network-ops', { size: PHONE }))
  await crew.row('热力井w1').click()
  await crew.act('出发').click()
  await crew.act('到场').click()
  expect(await crew.form.innerText()).toMatch(/现场情况\s*必填 · 第十二条2/)
  await picture(crew.page, 'another-city-phone')

  // Its replies are reviewed by customer service, and nobody else is offered that.
  const crewOf = world.as('crew-network-ops')
  const scene = { scene: '井盖移位', heatAffected: false, expectedMinutes: 30 }
  await crewOf.does(ticket.id, 'arrive', scene)
  await crewOf.does(ticket.id, 'safety', { measures: ['警示标识'] })
  await crewOf.does(ticket.id, 'repair', { text: '复位' })
  await crewOf.does(ticket.id, 'submit', { result: '复位', finalKind: 'cover', outcome: 'done' })
  const service = await stage.screen(world, 'service')
  await service.goto(`${world.url()}#review`)
  const form = service.getByRole('form', { name: /^审核/ })
  await form.getByRole('radio', { name: '是' }).check({ force: true })
  const { offers = [] } = await world.as('dispatcher').ticket(ticket.id)
  expect(offers.map(({ command }) => command)).not.toContain('review')
  await form.getByRole('button', { name: '提交审核' }).click()
  await service.getByRole('form', { name: /^回访/ }).waitFor()
})
