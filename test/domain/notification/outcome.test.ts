import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../../server/domain/instant.ts'
import { nextTry, restAfter, type Unsent } from '../../../server/domain/notification/outcome.ts'

const failed: Unsent = { kind: 'failed', why: 'HTTP 500' }

/** Where an entry goes and how long it waits, failing the same way every time. */
function journey(channels: readonly string[], outcome: Unsent, most = 40): string[] {
  const steps: string[] = []
  let failures = 0
  while (steps.length < most) {
    const next = nextTry({ failures, channels }, outcome, 0)
    failures = next.failures
    if (next.state === 'dead') return [...steps, 'dead']
    steps.push(`${next.channel} +${String(next.dueAt / SECOND)}`)
  }
  return steps
}

describe('what a failed attempt leads to', () => {
  it('a single channel is tried again from 5 s to 24 h, then the entry is dead', () => {
    expect(journey(['a'], failed)).toEqual([
      'a +5',
      'a +30',
      'a +300',
      'a +1800',
      'a +7200',
      'a +18000',
      'a +36000',
      'a +86400',
      'dead',
    ])
  })

  it('with several, each is tried twice, then the next one at once, and a new round later', () => {
    expect(journey(['a', 'b'], failed).slice(0, 8)).toEqual([
      'a +5',
      'b +0',
      'b +5',
      'a +5',
      'a +30',
      'b +0',
      'b +30',
      'a +30',
    ])
    expect(journey(['a', 'b'], failed).at(-1)).toBe('dead')
  })

  it('a channel that says no, is silent or limits is left at once for the next', () => {
    for (const outcome of [
      { kind: 'refused', why: '310000 sign not match' },
      { kind: 'unreachable', why: 'ETIMEDOUT' },
      { kind: 'limited', why: '130101', restMs: 10 * MINUTE },
      { kind: 'gone', why: 'HTTP 410' },
    ] as const) {
      expect(nextTry({ failures: 0, channels: ['a', 'b'] }, outcome, 0)).toMatchObject({
        channel: 'b',
        dueAt: 0,
      })
    }
  })

  it('with nowhere else to go it waits as long as a limiting channel asks for', () => {
    const limited: Unsent = { kind: 'limited', why: '130101', restMs: 10 * MINUTE }
    expect(nextTry({ failures: 0, channels: ['a'] }, limited, 0)).toMatchObject({ dueAt: 10 * MINUTE })
  })

  it('a receiver that is gone for ever makes the entry dead', () => {
    expect(nextTry({ failures: 0, channels: ['a'] }, { kind: 'gone', why: 'HTTP 410' }, 0).state).toBe('dead')
  })

  it('no channel at all is dead, not a crash', () => {
    expect(nextTry({ failures: 0, channels: [] }, failed, 0).state).toBe('dead')
  })

  it('a silent channel rests longer each time, at most five minutes', () => {
    expect([1, 2, 3, 6, 50].map((failures) => restAfter(failures) / SECOND)).toEqual([5, 10, 20, 160, 300])
    expect(restAfter(1000)).toBeLessThan(HOUR)
  })
})
