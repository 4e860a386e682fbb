import { describe, expect, it } from 'vitest'
import { WUDA } from '../../server/domain/policy/wuda.ts'
import {
  askedOf,
  callRequest,
  emptyDraft,
  isBadTime,
  isTouched,
  missingInDraft,
  type Draft,
} from '../../web/src/features/hotline/draft.ts'

const NOW = Date.parse('2026-01-15T23:06:24+08:00')
const empty = emptyDraft(NOW, 'key')
const missing = (draft: Draft): readonly string[] => missingInDraft(draft, askedOf(draft.kind, WUDA))
const whole = {
  ...empty,
  kind: 'primary_leak',
  address: '迎宾路与学府街路口',
  callerPhone: '13300000551',
  began: '22:50',
  scene: '路面冒汽',
} as const

describe('a call being taken', () => {
  it('needs address and telephone, and for emergencies when it began and the scene (第四条A)', () => {
    expect(missing(empty)).toEqual(['kind', 'address', 'callerPhone'])
    expect(missing({ ...empty, kind: 'cover' })).toEqual(['address', 'callerPhone', 'beganAt', 'scene'])
    expect(missing({ ...whole, kind: 'not_hot', began: '', scene: '' })).toEqual([])
    expect(missing(whole)).toEqual([])
  })

  it('asks of each kind what the policy in force asks', () => {
    const kinds = { ...WUDA.kinds, cover: { ...WUDA.kinds.cover, intake: ['scene' as const] } }
    expect(askedOf('cover', { kinds })).toEqual(['scene'])
    expect(askedOf('cover', undefined)).toEqual(['address', 'callerPhone'])
  })

  it('needs the description of a hot matter', () => {
    expect(missing({ ...whole, hot: true })).toEqual(['description'])
  })

  it('sends why something is unknown instead of the thing itself', () => {
    const body = callRequest({ ...whole, began: '邻居转告', beganUnknown: true, sceneUnknown: true }, NOW)
    expect(body).toMatchObject({ beganUnknown: '邻居转告', sceneUnknown: '路面冒汽' })
    expect(body).not.toHaveProperty('beganAt')
    expect(body).not.toHaveProperty('scene')
  })

  it('leaves out what is empty and gives times their offset', () => {
    expect(callRequest(whole, NOW)).toEqual({
      kind: 'primary_leak',
      contact: 'help',
      source: 'phone',
      receivedAt: '2026-01-15T23:06:24+08:00',
      address: '迎宾路与学府街路口',
      callerPhone: '13300000551',
      beganAt: '2026-01-15T22:50:00+08:00',
      scene: '路面冒汽',
    })
  })

  it('is a consultation or a complaint by its kind, whatever the form says', () => {
    expect(callRequest({ ...whole, kind: 'complaint' }, NOW)?.contact).toBe('complaint')
  })

  it('says that a time cannot be read, but not of a reason', () => {
    expect(isBadTime({ ...whole, began: '昨晚' }, NOW)).toBe(true)
    expect(isBadTime({ ...whole, began: '昨晚', beganUnknown: true }, NOW)).toBe(false)
  })

  it('is kept once anything was typed', () => {
    expect(isTouched(empty)).toBe(false)
    expect(isTouched({ ...empty, callerPhone: '1' })).toBe(true)
  })
})
