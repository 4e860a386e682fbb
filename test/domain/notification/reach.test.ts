import { describe, expect, it } from 'vitest'
import { digestLine, pack } from '../../../server/domain/notification/digest.ts'
import type { Notification } from '../../../server/domain/notification/notification.ts'
import { channelsFor, reach, type ChannelScope } from '../../../server/domain/notification/reach.ts'

const someone = { id: 'p1', name: '某某' }

describe('whom a notification reaches', () => {
  it('the people of its rung, or of the first rung above that somebody holds', () => {
    expect(reach('deputy', new Map([['deputy', [someone]]])).rung).toBe('deputy')
    expect(reach('deputy', new Map([['duty_lead', [someone]]]))).toEqual({
      rung: 'duty_lead',
      people: [someone],
    })
    expect(reach('deputy', new Map([['crew', [someone]]]))).toEqual({ rung: 'deputy', people: [] })
  })
})

describe('which channels it may go by', () => {
  const scopes: readonly ChannelScope[] = [
    { id: 'sms', audience: 'people', alarmsOnly: true, last: true },
    { id: 'ops', audience: 'people', departments: ['network-ops'] },
    { id: 'bosses', audience: 'people', rungs: ['head', 'service_leader'] },
    { id: 'urgent', audience: 'people', levels: ['special'] },
    { id: 'mail', audience: 'people' },
    { id: 'hook', audience: 'programs' },
  ]
  const to = { rung: 'deputy', departmentId: 'network-ops', reached: 'deputy' } as const

  it('in the order of the file, the last ones behind, some for alarms only, those of programs never', () => {
    expect(channelsFor(to, { urgency: 'alarm', level: 'special' }, scopes)).toEqual([
      'ops',
      'urgent',
      'mail',
      'sms',
    ])
    expect(channelsFor(to, { urgency: 'soon', level: 'first' }, scopes)).toEqual(['ops', 'mail'])
  })

  it('a message that climbed finds the channel of the rung that it reached', () => {
    const climbed = { ...to, departmentId: 'area-1', reached: 'head' } as const
    expect(channelsFor(climbed, { urgency: 'soon', level: 'first' }, scopes)).toEqual(['bosses', 'mail'])
  })
})

describe('digests', () => {
  const item = (id: string, urgency: Notification['urgency'], text = id) => ({
    notification: notification(id, urgency, text),
  })
  const ids = (packets: readonly (readonly { notification: Notification }[])[]) =>
    packets.map((packet) => packet.map(({ notification: { id } }) => id).join('+'))

  it('all go one by one while the tokens suffice, the most urgent first', () => {
    const waiting = [item('a', 'info'), item('b', 'alarm'), item('c', 'soon')]
    expect(ids(pack(waiting, { tokens: 3, digestBytes: 1000 }))).toEqual(['b', 'c', 'a'])
  })

  it('beyond that the last token carries the rest together', () => {
    const waiting = [item('a', 'info'), item('b', 'alarm'), item('c', 'soon'), item('d', 'info')]
    expect(ids(pack(waiting, { tokens: 2, digestBytes: 1000 }))).toEqual(['b', 'c+a+d'])
    expect(pack(waiting, { tokens: 0, digestBytes: 1000 })).toEqual([])
  })

  it('what does not fit waits; nothing is dropped', () => {
    const waiting = [...'abcdef'].map((id) => item(id, 'info', id.repeat(30)))
    const line = Buffer.byteLength(digestLine(notification('a', 'info', 'a'.repeat(30))))
    const [digest] = pack(waiting, { tokens: 1, digestBytes: 3 * (line + 1) })
    expect(digest).toHaveLength(3)
  })

  it('where everybody gets their own, only as many go as there are tokens', () => {
    const waiting = [item('a', 'info'), item('b', 'alarm')]
    expect(ids(pack(waiting, { tokens: 1, digestBytes: 0 }))).toEqual(['b'])
  })
})

function notification(id: string, urgency: Notification['urgency'], text: string): Notification {
  return {
    id,
    audience: 'people',
    ticketId: 't',
    number: 'n',
    kind: 'cover',
    level: 'special',
    urgency,
    to: { rung: 'crew', departmentId: 'x' },
    dueAt: 0,
    exercise: false,
    text: { zh: text, en: text },
    reason: { zh: '', en: '', clause: 'I' },
  }
}
