import { describe, expect, it } from 'vitest'
import { createPendingRetained } from '../../broker/pending-retained.ts'

describe('retained messages on their way', () => {
  const message = () => ({ retain: true, qos: 1 }) as const

  it('are waited for until they are stored', async () => {
    const pendingRetained = createPendingRetained()
    const kept = message()
    pendingRetained.add(kept)
    let isSettled = false
    const settled = pendingRetained.whenStored().then(() => (isSettled = true))
    await new Promise(setImmediate)
    expect(isSettled).toBe(false)
    pendingRetained.remove(kept)
    await settled
    expect(pendingRetained.isEmpty()).toBe(true)
  })

  it('are forgotten within two sweeps when their end is never told, and no others are', () => {
    const pendingRetained = createPendingRetained()
    for (let n = 0; n < 1000; n++) pendingRetained.add(message())
    pendingRetained.sweep()
    const later = message()
    pendingRetained.add(later)
    pendingRetained.sweep()
    expect(pendingRetained.isEmpty()).toBe(false)
    pendingRetained.remove(later)
    expect(pendingRetained.isEmpty()).toBe(true)
  })

  it('are only those that are to be retained and are answered before they are stored', () => {
    const pendingRetained = createPendingRetained()
    pendingRetained.add({ retain: false, qos: 1 })
    pendingRetained.add({ retain: true, qos: 2 })
    expect(pendingRetained.isEmpty()).toBe(true)
  })
})
