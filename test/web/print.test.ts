import { describe, expect, it } from 'vitest'
import { TEXTS } from '../../web/src/base/i18n/texts.ts'
import { eventsCsv } from '../../web/src/features/print/events-csv.ts'
import { paperTime } from '../../web/src/features/print/paper-time.ts'
import { sheetOf } from '../../web/src/model/sheet.ts'
import { verdictOf } from '../../web/src/features/print/verdict.ts'
import { aClock, anEvent, aTicket } from './samples.ts'

const NOW = Date.parse('2026-01-15T23:20:00+08:00')
const verdict = (change: Parameters<typeof aClock>[0]) => verdictOf(aClock(change), NOW, 'zh')

describe('a window to print', () => {
  it.each([
    ['?voucher=t1', { kind: 'voucher', ticketId: 't1' }],
    ['?label=j-1,j-2', { kind: 'labels', ids: ['j-1', 'j-2'] }],
    ['', undefined],
    ['?wall=1', undefined],
    ['?voucher=', undefined],
    ['?label=,', undefined],
  ])('%s', (search, sheet) => {
    expect(sheetOf(search)).toEqual(sheet)
  })
})

describe('what paper says of a clock', () => {
  it.each([
    [{ state: 'met', stoppedAt: '2026-01-15T23:00:00+08:00' }, 'met', '16分50秒'],
    [
      { state: 'breached', stoppedAt: '2026-01-15T23:15:10+08:00', breachedAt: '2026-01-15T23:13:10+08:00' },
      'late',
      '2分00秒',
    ],
    [{ state: 'breached', breachedAt: '2026-01-15T23:13:10+08:00' }, 'overdue', '6分50秒'],
    [{ state: 'running', dueAt: '2026-01-15T23:30:00+08:00' }, 'running', '10分00秒'],
    [{ state: 'cancelled' }, 'cancelled', ''],
  ] as const)('%j: %s', (change, kind, by) => {
    expect(verdict(change)).toMatchObject({ kind, by })
  })

  it('a clock that has not begun has no verdict', () => {
    const clock = aClock({ state: 'pending' })
    delete clock.startAt
    expect(verdictOf(clock, NOW, 'zh').kind).toBe('pending')
  })

  it('the instant is whole, in Shanghai', () => {
    expect(paperTime('2026-01-15T14:43:00Z')).toBe('2026-01-15 22:43:00')
  })
})

describe('N21 events as a table', () => {
  it('opens in a table program and calculates nothing there', () => {
    const events = [
      anEvent('note', { text: '=HYPERLINK("http://x")' }),
      anEvent('note', { text: '两\n行"引"' }),
    ]
    const csv = eventsCsv(aTicket({ events }), TEXTS.zh)
    expect(csv.charCodeAt(0)).toBe(0xfeff)
    expect(csv).toContain('"\'=HYPERLINK(""http://x"")"')
    expect(csv).toContain('"两\n行""引"""')
    expect(csv.split('\r\n')[0]).toContain('"发生时间"')
  })

  it.each(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', ' =', '\u00a0=', '\ufeff='])(
    '%j begins no formula in it',
    (start) => {
      const events = [anEvent('note', { text: `${start}1+1` })]
      const csv = eventsCsv(aTicket({ events }), TEXTS.zh)
      expect(csv).toContain(`"'${start}1+1"`)
    },
  )
})
