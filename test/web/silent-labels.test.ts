import { describe, expect, it } from 'vitest'
import type { AssetState } from '#contract/live.ts'
import { indexNetwork } from '../../web/src/model/network-index.ts'
import { silentLabels } from '../../web/src/features/map/silent-labels.ts'
import { aFile, aWell, place } from '../support/networks.ts'

const index = indexNetwork(
  aFile(aWell('w1', place(0, 0)), aWell('w2', place(9, 0)), aWell('w3', place(20, 0))),
)
const at = (time: string): number => Date.parse(`2026-01-15T${time}+08:00`)
const asset = (
  id: string,
  health: AssetState['health'],
  heard: readonly (string | undefined)[],
): AssetState => ({
  id,
  health,
  devices: heard.map((lastSeenAt, n) => ({
    id: `${id}-${String(n)}`,
    assetId: id,
    signals: [],
    power: 'wired',
    intervalS: 60,
    online: false,
    ...(lastSeenAt === undefined ? {} : { lastSeenAt: `2026-01-15T${lastSeenAt}+08:00` }),
    values: {},
    faults: [],
  })),
})

describe('the age of what is silent', () => {
  it('is that of the newest word heard there, and nothing for what speaks or is unknown', () => {
    const { features } = silentLabels(
      [
        asset('w1', 'silent', ['08:00:00', '09:00:00']),
        asset('w2', 'normal', ['09:59:00']),
        asset('w3', 'silent', [undefined]),
        asset('elsewhere', 'silent', ['08:00:00']),
      ],
      index,
      at('10:30:00'),
      { never: 'never', for: (ms) => `${String(ms / 60_000)} min` },
    )
    expect(features.map(({ properties }) => properties.label)).toEqual(['90 min', 'never'])
  })
})
