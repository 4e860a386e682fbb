import { describe, expect, it } from 'vitest'
import { keyAction, type KeyPress } from '../../web/src/base/ui/keys.ts'

const press = (key: string, change: Partial<KeyPress> = {}): KeyPress => ({
  key,
  isComposing: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...change,
})

describe('keys', () => {
  it.each([
    ['j', 'down'],
    ['K', 'up'],
    ['a', 'acknowledge'],
    ['f', 'fit'],
    ['h', 'hotline'],
    ['t', 'route'],
    ['s', 'shelve'],
    ['g', 'ticket'],
    ['v', 'valves'],
    ['n', 'notice'],
    ['[', 'earlier'],
    ['】', 'later'],
    ['p', 'play'],
    ['/', 'search'],
    ['?', 'help'],
    ['?', 'help'],
    ['Enter', 'open'],
    ['Escape', 'leave'],
  ])('%s means %s', (key, action) => {
    expect(keyAction(press(key), false)).toBe(action)
  })

  it('mean nothing while an input method composes', () => {
    expect(keyAction(press('a', { isComposing: true }), false)).toBeUndefined()
    expect(keyAction(press('a', { keyCode: 229 }), false)).toBeUndefined()
    expect(keyAction(press('Escape', { isComposing: true }), true)).toBeUndefined()
  })

  it('are letters while somebody types, except Esc and Ctrl+Enter', () => {
    expect(keyAction(press('h'), true)).toBeUndefined()
    expect(keyAction(press('Escape'), true)).toBe('leave')
    expect(keyAction(press('Enter', { ctrlKey: true }), true)).toBe('save')
  })

  it('leave the browser’s own combinations alone', () => {
    expect(keyAction(press('f', { ctrlKey: true }), false)).toBeUndefined()
  })
})
