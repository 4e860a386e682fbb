import { describe, expect, it } from 'vitest'
import { BUILT_IN_PROFILES } from '../../server/domain/translation/built-in-profiles.ts'
import { isTopicFilter } from '../../server/domain/translation/topic-filter.ts'
import { runExpression } from '../../server/profiles/run-expression.ts'
import * as said from './messages.ts'

async function read(id: string, body: unknown, topic = '') {
  const profile = BUILT_IN_PROFILES.find((one) => one.id === id)
  if (profile === undefined) throw new Error(`there is no profile ${id}`)
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  return runExpression(profile, { topic, bytes, receivedAt: 1_700_000_000_000 })
}

const understood = (...messages: readonly object[]) =>
  expect.objectContaining({ kind: 'understood', messages }) as object

describe('the profiles that come with Wellwatch', () => {
  it('have an id and lawful filters each', () => {
    expect(new Set(BUILT_IN_PROFILES.map(({ id }) => id)).size).toBe(BUILT_IN_PROFILES.length)
    for (const { topics = [], push } of BUILT_IN_PROFILES) {
      expect(topics.length > 0 || push === true).toBe(true)
      expect(topics.filter((filter) => !isTopicFilter(filter))).toEqual([])
    }
  })

  it('read the telemetry of a ThingsBoard gateway, with and without times', async () => {
    expect(await read('thingsboard-gateway', said.THINGSBOARD_GATEWAY, 'v1/gateway/telemetry')).toEqual(
      understood(
        { alias: 'name:device a', ts: 1483228800000, values: { temperature: 42, humidity_pct: 80 } },
        { alias: 'name:device a', ts: 1483228801000, values: { temperature: 43, humidity_pct: 82 } },
        { alias: 'name:device b', ts: 1483228800000, values: { temperature: 42, humidity_pct: 80 } },
      ),
    )
    const untimed = { 'Lid 7': [{ tilt: '3.5', 'pressure kPa': 650 }] }
    expect(await read('thingsboard-gateway', untimed, 'v1/gateway/telemetry')).toEqual(
      understood({ alias: 'name:lid 7', values: { cover_tilt_deg: 3.5, pressure_mpa: 0.65 } }),
    )
    expect(await read('thingsboard-gateway', { device: 'Device A' }, 'v1/gateway/connect')).toEqual(
      understood(),
    )
  })

  it('read what ChirpStack sends of a device, by its DevEUI', async () => {
    expect(await read('chirpstack-v4', said.CHIRPSTACK_DECODED)).toEqual(
      understood({
        alias: 'dev_eui:0101010101010101',
        ts: Date.parse('2022-07-18T09:34:15.775Z'),
        values: { rssi_dbm: -36, cover_tilt_deg: 75.2, cover_open: true, battery_v: 3.61 },
      }),
    )
    expect(await read('chirpstack-v4', said.CHIRPSTACK_STATUS)).toEqual(
      understood({
        alias: 'dev_eui:0101010101010101',
        ts: Date.parse('2022-07-18T09:35:06.927Z'),
        values: { battery_pct: 88.3 },
      }),
    )
    for (const silent of [said.CHIRPSTACK_JOIN, said.CHIRPSTACK_LOG])
      expect(await read('chirpstack-v4', silent)).toEqual(understood())
  })

  it('do not understand an uplink whose payload no codec has read', async () => {
    expect(await read('chirpstack-v4', said.CHIRPSTACK_UP)).toMatchObject({ kind: 'not-understood' })
    expect(await read('ctwing', said.CTWING_FRAME)).toMatchObject({ kind: 'not-understood' })
  })

  it('read an uplink of The Things Stack', async () => {
    expect(await read('tts-v3', said.TTS_UP)).toEqual(
      understood({
        alias: 'dev_eui:0004a30b001c0530',
        ts: Date.parse('2020-02-12T15:15:45.789Z'),
        values: { rssi_dbm: -35, temperature: 1, luminosity: 0.64 },
      }),
    )
    expect(await read('tts-v3', said.TTS_JOIN)).toEqual(understood())
  })

  it('read the pushes of CTWing by IMEI, and by device id where a device has none', async () => {
    expect(await read('ctwing', said.CTWING_VALUES)).toEqual(
      understood({
        alias: 'imei:161941770261953',
        ts: 1619524024049,
        values: { longitude: -174, latitude: -86 },
      }),
    )
    expect(await read('ctwing', said.CTWING_SERVICE)).toMatchObject({
      messages: [
        {
          alias: 'imei:860374051096202',
          ts: 1606982320277,
          values: { tdata: 30, snr: 1, rssi_dbm: -114, battery_level: 100 },
        },
      ],
    })
    expect(await read('ctwing', said.CTWING_PASSED_THROUGH)).toEqual(
      understood({
        alias: 'serial:1501708501',
        ts: 1609231209882,
        values: { cover_tilt_deg: 12.5, battery_v: 3.6 },
      }),
    )
    expect(await read('ctwing', said.CTWING_ONLINE)).toEqual(understood())
  })

  it('read the pushes of OneNET, one data point or many, the newer form too', async () => {
    expect(await read('onenet', said.ONENET_POINT)).toEqual(
      understood({ alias: 'serial:2016617', ts: 1466133706841, values: { temperature: 42 } }),
    )
    expect(await read('onenet', said.ONENET_LIST)).toMatchObject({
      messages: [{ alias: 'imei:865352030012345', ts: 1466133706841, values: { temperature: 42.5 } }],
    })
    const text = { ...said.ONENET_POINT, msg: JSON.stringify(said.ONENET_POINT.msg) }
    expect(await read('onenet', text)).toEqual(await read('onenet', said.ONENET_POINT))
  })

  it('do not understand one another, nor what is no message at all', async () => {
    const all = [said.CHIRPSTACK_DECODED, said.TTS_UP, said.CTWING_VALUES, said.ONENET_POINT]
    const mine = ['chirpstack-v4', 'tts-v3', 'ctwing', 'onenet']
    for (const [index, id] of mine.entries()) {
      for (const other of [...all.filter((_, place) => place !== index), {}, [], 'no json', '7'])
        expect(await read(id, other), `${id}: ${JSON.stringify(other)}`).toMatchObject({
          kind: 'not-understood',
        })
    }
  })
})
