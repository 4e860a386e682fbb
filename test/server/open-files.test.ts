import { expect, it } from 'vitest'
import { connectionLimits, openFileLimit } from '../../server/process/open-files.ts'

it('F13 both doors full leave files for the journal and the databases, whatever the limit', () => {
  for (const limit of [160, 256, 1024, 65_536, Infinity]) {
    const { mqtt, http } = connectionLimits(limit, 20_000)
    expect(mqtt + http).toBeLessThanOrEqual(limit - 100)
    expect(Math.min(mqtt, http)).toBeGreaterThan(10)
  }
  expect(connectionLimits(Infinity, 20_000)).toEqual({ mqtt: 20_000, http: 20_000 })
})

it('the limit of this process is read', () => {
  expect(openFileLimit()).toBeGreaterThan(100)
})
