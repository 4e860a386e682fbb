import { describe, expect, it } from 'vitest'
import { requestKeys } from '../../web/src/base/api/request-keys.ts'
import { formKey, type PressedKey } from '../../web/src/base/ui/form-key.ts'

const press = (key: string, more: Partial<PressedKey> = {}) => ({
  key,
  isComposing: false,
  keyCode: 0,
  ctrlKey: false,
  metaKey: false,
  ...more,
})
const IDLE = { busy: false, touched: false }

describe('a key in a form', () => {
  it.each([
    ['closes what nobody has touched', IDLE, 'close'],
    ['keeps what somebody has written', { busy: false, touched: true }, 'stay'],
    ['waits for the answer to what is being sent', { busy: true, touched: false }, 'stay'],
  ] as const)('Esc %s', (_, stand, meant) => {
    expect(formKey(press('Escape'), stand)).toBe(meant)
  })

  it('Ctrl+Enter sends, Enter alone and what an input method composes are no key of the form', () => {
    expect(formKey(press('Enter', { ctrlKey: true }), { busy: false, touched: true })).toBe('send')
    expect(formKey(press('Enter'), IDLE)).toBeUndefined()
    expect(formKey(press('Escape', { isComposing: true }), IDLE)).toBeUndefined()
    expect(formKey(press('Escape', { keyCode: 229 }), IDLE)).toBeUndefined()
  })
})

it('a form sends the same body under the same key, and another under another', () => {
  const keyOf = requestKeys()
  const first = keyOf({ on: 'a', reason: '' })
  expect(keyOf({ on: 'a', reason: '' })).toBe(first)
  const second = keyOf({ on: 'b', reason: '' })
  expect(second).not.toBe(first)
  expect(keyOf({ on: 'a', reason: '' })).toBe(first)
  expect(requestKeys()({ on: 'a', reason: '' })).not.toBe(first)
})
