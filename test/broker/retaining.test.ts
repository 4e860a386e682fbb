import { describe, expect, it } from 'vitest'
import { createRetaining } from '../../broker/retaining.ts'

describe('retained messages on their way', () => {
  const message = () => ({ retain: true, qos: 1 }) as const

  it('are waited for until they are stored', async () => {
    const retaining = createRetaining()
    const kept = message()
    retaining.begin(kept)
    let isSettled = false
    const settled = retaining.settled().then(() => (isSettled = true))
    await new Promise(setImmediate)
    expect(isSettled).toBe(false)
    retaining.end(kept)
    await settled
    expect(retaining.isIdle()).toBe(true)
  })

  it('are forgotten within two sweeps when their end is never told, and no others are', () => {
    const retaining = createRetaining()
    for (let n = 0; n < 1000; n++) retaining.begin(message())
    retaining.sweep()
    const later = message()
    retaining.begin(later)
    retaining.sweep()
    expect(retaining.isIdle()).toBe(false)
    retaining.end(later)
    expect(retaining.isIdle()).toBe(true)
  })

  it('are only those that are to be retained and are answered before they are stored', () => {
    const retaining = createRetaining()
    retaining.begin({ retain: false, qos: 1 })
    retaining.begin({ retain: true, qos: 2 })
    expect(retaining.isIdle()).toBe(true)
  })
})
