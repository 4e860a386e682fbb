import fc from 'fast-check'
import { COMMANDS, type CommandName } from '#contract/commands/commands.ts'
import { type TicketState } from '#contract/vocabulary.ts'
import type { TicketView } from '#contract/ticket.ts'
import { BODIES } from '../domain/ticket/at-state.ts'
import { aCall } from '../support/calls.ts'
import { closedCover, openCover } from '../support/town.ts'
import type { World } from '../support/world.ts'

/** One thing that somebody, a sensor or time does; `pick` chooses among what there is. */
export interface Operation {
  readonly kind: (typeof KINDS)[number]
  readonly pick: number
  readonly minutes: number
  readonly pass: boolean
  readonly command: CommandName
}
const KINDS = [
  'call',
  'sense',
  'next',
  'next',
  'next',
  'next',
  'any',
  'wait',
  'wait',
  'extend',
  'merge',
  'split',
  'restart',
  'stepBack',
  'twice',
] as const

export const operation = fc.record<Operation>({
  kind: fc.constantFrom(...KINDS),
  pick: fc.nat(1000),
  minutes: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 2000 })),
  pass: fc.boolean(),
  command: fc.constantFrom(...COMMANDS),
})

const WELLS = ['w1', 'w2', 'w3', 'b1', 'n1', 'sw1'] as const
const CALLS = ['cover', 'well_vent', 'primary_leak', 'not_hot', 'indoor_leak', 'consult'] as const
const PEOPLE = ['operator', 'dispatcher', 'service', 'wall', 'crew-area-1', 'officer-network-ops'] as const

function oneOf<T>(list: readonly T[], pick: number): T {
  const found = list[pick % list.length]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}

/** The usual next step of a ticket, and who takes it. */
const NEXT: Partial<Record<TicketState, readonly (readonly [CommandName, 'officer' | 'crew' | string])[]>> = {
  under_review: [['dispatch', 'dispatcher']],
  dispatched: [
    ['accept', 'officer'],
    ['reject', 'officer'],
    ['arrive', 'crew'],
  ],
  accepted: [
    ['assign', 'officer'],
    ['arrive', 'crew'],
    ['submit', 'crew'],
    ['contact', 'officer'],
  ],
  assigned: [
    ['arrive', 'crew'],
    ['submit', 'crew'],
  ],
  en_route: [['arrive', 'crew']],
  arrived: [
    ['safety', 'crew'],
    ['unfounded', 'crew'],
  ],
  safety_set: [
    ['repair', 'crew'],
    ['plan', 'crew'],
  ],
  plan_confirmed: [['repair', 'crew']],
  repaired: [
    ['submit', 'crew'],
    ['restore', 'crew'],
  ],
  restored: [['submit', 'crew']],
  submitted: [['review', 'dispatcher']],
  returned: [['submit', 'crew']],
  callback_due: [
    ['callback', 'service'],
    ['reopen', 'dispatcher'],
  ],
  archived: [['reopen', 'dispatcher']],
}

/** A town in trouble: what every life begins with. */
export async function begin(world: World): Promise<void> {
  for (const [index, kind] of CALLS.entries()) {
    const contact = kind === 'consult' ? { contact: 'consult' as const } : {}
    const call = aCall({
      kind,
      ...contact,
      assetId: oneOf(WELLS, index),
      callerPhone: `1390000000${String(index)}`,
    })
    expectAnswer(await world.as('operator').ask('POST', '/calls', call))
  }
}

/** Plays one operation through MQTT and HTTP; a refusal is as good an answer as any, a fault is not. */
export async function play(world: World, { kind, pick, minutes, pass, command }: Operation): Promise<void> {
  const tickets = await world.as('wall').tickets('limit=200')
  const now = isoOf(world.now())
  switch (kind) {
    case 'call':
      return expectAnswer(
        await world
          .as('operator')
          .ask('POST', '/calls', {
            ...aCall({ assetId: oneOf(WELLS, pick), callerPhone: `1380000${String(1000 + (pick % 7))}` }),
            kind: oneOf(CALLS, pick),
            ...(oneOf(CALLS, pick) === 'consult' ? { contact: 'consult' } : {}),
          }),
      )
    case 'sense': {
      const well = oneOf(WELLS, pick)
      await world.publish(
        `dev-${well}`,
        pass ? openCover(world.now() - 40_000, 3) : [closedCover(world.now())],
      )
      return world.settle()
    }
    case 'wait':
      return world.advance({ minutes })
    case 'restart':
      return world.restart()
    case 'stepBack':
      return expectAnswer(await world.as('admin').ask('PUT', '/clock', { now: isoOf(world.now() - 60_000) }))
    case 'merge':
    case 'split':
      return regroup(world, kind, pick)
  }
  if (tickets.length === 0) return
  const ticket = oneOf(tickets, pick)
  if (kind === 'extend') {
    const mayBe = tickets.filter((each) => each.extensions.length < 3 && !each.dueProvisional)
    return mayBe.length === 0 ? undefined : extend(world, oneOf(mayBe, pick), { now, pass })
  }
  if (kind === 'any') return send(world, ticket, [command, oneOf(PEOPLE, pick)], { pass, pick })
  const steps = kind === 'twice' ? 1 : 1 + (pick % 5)
  for (let step = 0; step < steps; step += 1) {
    const current = await world.as('wall').ticket(ticket.id)
    await send(world, current, stepOf(current, pick + step), {
      pass,
      pick: pick + step,
      twice: kind === 'twice',
    })
  }
}

/** One command on the version that was seen; sent twice under one key it is the same command. */
async function send(
  world: World,
  ticket: TicketView,
  [name, role]: readonly [CommandName, string],
  { pass, pick, twice = false }: { readonly pass: boolean; readonly pick: number; readonly twice?: boolean },
): Promise<void> {
  const now = isoOf(world.now())
  const body = { ...BODIES[name], ...fieldsOf(name, ticket, { now, pass }) }
  const sent = { command: name, version: ticket.version, ...body }
  const who = personOf(role, ticket)
  const path = `/tickets/${ticket.id}/commands`
  const key = { 'idempotency-key': `${String(world.now())}-${String(pick)}` }
  const first = await world.as(who).ask('POST', path, sent, key)
  expectAnswer(first)
  if (twice) expectAnswer(await world.as(who).ask('POST', path, sent, key))
}

function stepOf(ticket: TicketView, pick: number): readonly [CommandName, string] {
  return oneOf(NEXT[ticket.state] ?? [['note', 'dispatcher'] as const], pick)
}

function personOf(role: string, { department }: TicketView): string {
  if (role !== 'officer' && role !== 'crew') return role
  const id = department?.id ?? 'network-ops'
  return `${role}-${id === 'dispatch' ? 'network-ops' : id}`
}

function fieldsOf(
  name: CommandName,
  { kind, calls, extensions, department }: TicketView,
  { now, pass }: { readonly now: string; readonly pass: boolean },
): object {
  switch (name) {
    case 'dispatch':
      return department?.id === 'dispatch' ? { departmentId: 'network-ops', reason: '指定' } : {}
    case 'assign':
      return { crewIds: [`crew-${department?.id ?? ''}`] }
    case 'safety':
      return { measures: ['围挡'], barrier: true, cordon: true }
    case 'restore':
      return { heatRestoredAt: now, faultClearedAt: now }
    case 'submit':
      return { finalKind: kind }
    case 'unfounded':
      return { surveyAt: now, evidenceIds: ['none'] }
    case 'review':
      return { pass, ...(pass ? {} : { reason: 'not_detailed' }), seenAbnormal: true }
    case 'callback':
      return { callId: calls.at(-1)?.id ?? 'none', satisfied: pass }
    case 'answer_extension':
    case 'confirm_extension':
      return { extensionId: extensions.at(-1)?.id ?? 'none' }
    default:
      return {}
  }
}

/** Asked, answered and confirmed by those who may, as far as it gets. */
async function extend(
  world: World,
  { id, dueAt = '', department }: TicketView,
  { pass }: { readonly now: string; readonly pass: boolean },
): Promise<void> {
  const officer = `officer-${department?.id ?? ''}`
  if (department === undefined || department.id === 'dispatch') return
  const until = isoOf(Date.parse(dueAt) + 3_600_000)
  const asked = await world
    .as(officer)
    .command<TicketView>(id, 'request_extension', { reason: 'x', dueAt: until })
  expectAnswer(asked)
  if (asked.status !== 200) return
  const extensionId = asked.body.extensions.at(-1)?.id
  expectAnswer(await world.as('dispatcher').command(id, 'answer_extension', { extensionId, approve: pass }))
  expectAnswer(await world.as('service').command(id, 'confirm_extension', { extensionId }))
}

async function regroup(world: World, kind: 'merge' | 'split', pick: number): Promise<void> {
  const incidents = await world.as('wall').incidents('limit=100')
  const [one, other] = [incidents[pick % incidents.length], incidents[(pick + 1) % incidents.length]]
  if (one === undefined || other === undefined) return
  const body =
    kind === 'merge'
      ? { into: other.id, reason: 'x' }
      : { memberIds: one.members.slice(0, 1).map(({ id }) => id), reason: 'x' }
  expectAnswer(await world.as('dispatcher').ask('POST', `/incidents/${one.id}/${kind}`, body))
}

function expectAnswer({ status, body }: { readonly status: number; readonly body: unknown }): void {
  if (status >= 500) throw new Error(`a fault: ${JSON.stringify(body)}`)
}

function isoOf(at: number): string {
  return new Date(at).toISOString()
}
