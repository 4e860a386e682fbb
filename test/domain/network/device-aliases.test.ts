import { describe, expect, it } from 'vitest'
import { createAliasLookup } from '../../../server/flows/foreign/device-by-alias.ts'
import { changeDevices } from '../../../server/domain/network/change-devices.ts'
import { checkReferences } from '../../../server/domain/network/import/references.ts'
import type { Network } from '../../../server/domain/network/network.ts'
import type { NetworkFile } from '#contract/network.ts'

const lid = (id: string, more: object = {}) => ({ id, signals: ['cover_open'], intervalS: 3600, ...more })
function well(...devices: readonly object[]): NetworkFile['features'][number] {
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [87.6, 43.8] },
    properties: { kind: 'well', id: 'w-1', name: 'W1', network: 'primary', devices: devices as never },
  }
}
const put = (...devices: readonly object[]) =>
  changeDevices(
    { type: 'FeatureCollection', features: [well(lid('a', { aliases: ['imei:860374051096202'] }))] },
    { verb: 'put', devices: devices.map((device) => ({ assetId: 'w-1', ...device })) },
    0,
  )

describe('what platforms call a device', () => {
  it('is kept with it, and means no second one, however it is written', () => {
    expect(put(lid('b', { aliases: ['dev_eui:0101010101010101'], gateway: 'lora' }))).toMatchObject({
      kind: 'good',
    })
    expect(put(lid('b', { aliases: ['IMEI: 860374051096202'] }))).toMatchObject({
      kind: 'bad',
      mistakes: [
        {
          featureId: 'b',
          path: '/aliases',
          messageEn: expect.stringContaining('device a already') as string,
        },
      ],
    })
    expect(put(lid('b', { aliases: ['name:X'] }), lid('c', { aliases: ['name:x'] }))).toMatchObject({
      kind: 'bad',
    })
    expect(put(lid('b', { aliases: ['mac:00'] }))).toMatchObject({ kind: 'bad' })
  })

  it('passes from one device to another where both are changed at once', () => {
    const both = put(lid('a'), lid('b', { aliases: ['imei:860374051096202'] }))
    expect(both).toMatchObject({ kind: 'good', changed: ['a'], added: ['b'] })
  })

  it('is not shared in a network file either', () => {
    const shared = [well(lid('a', { aliases: ['name:x'] }), lid('b', { aliases: ['name:X'] }))]
    expect(checkReferences(shared)).toMatchObject([
      { featureId: 'w-1', path: '/properties/devices/1/aliases' },
    ])
  })

  it('finds it, and its own id does where the platform uses that', () => {
    const devices = new Map(
      ['a', 'b'].map((id) => [id, { ...lid(id, { aliases: [`dev_eui:AA-${id}`] }), assetId: 'w-1' }]),
    )
    const find = createAliasLookup({
      current: () => ({ devices }) as unknown as Network,
      asOf: () => ({ devices }) as unknown as Network,
      onChange: () => () => undefined,
    })
    expect(find('dev_eui:aaa')?.id).toBe('a')
    expect(find('name:b')?.id).toBe('b')
    expect(find('imei:b')).toBeUndefined()
  })
})
