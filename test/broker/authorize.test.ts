import { describe, expect, it } from 'vitest'
import { judgeConnect, type ConnectRequest } from '../../broker/judge-connect.ts'
import { mayPublish, mayReceive, maySubscribe } from '../../broker/authorize.ts'

const RULES = { persistentSessions: true, willBytes: 1024 }
const REQUEST: ConnectRequest = { clientId: 'd1', username: 'd1', clean: true }

describe('N4 a CONNECT', () => {
  it('names its device three times over', () => {
    expect(judgeConnect(REQUEST, RULES)).toEqual({ kind: 'device', deviceId: 'd1' })
  })

  const will = (topic: string, bytes = 20) => ({ will: { topic, bytes } })
  it.each<[Partial<ConnectRequest>, string, number]>([
    [{ username: undefined }, 'anonymous', 5],
    [{ clientId: 'd2' }, 'id_mismatch', 5],
    [{ username: 'd2' }, 'id_mismatch', 5],
    [{ certificateName: 'd2' }, 'certificate_mismatch', 5],
    [will('dh/v1/d2/status'), 'foreign_will', 5],
    [will('dh/v1/d1/cmd/reboot'), 'foreign_will', 5],
    [will('$SYS/x'), 'foreign_will', 5],
    [will('dh/v1/d1/status', 1025), 'will_too_large', 5],
  ])('with %j is refused as %s', (change, reason, code) => {
    expect(judgeConnect({ ...REQUEST, ...change }, RULES)).toEqual({ kind: 'refused', reason, code })
  })

  it('may keep a session only where that is allowed', () => {
    const kept = { ...REQUEST, clean: false }
    expect(judgeConnect(kept, RULES).kind).toBe('device')
    expect(judgeConnect(kept, { ...RULES, persistentSessions: false })).toMatchObject({
      reason: 'persistent_session',
    })
  })

  const bad = [
    '+',
    '#',
    '/',
    '$',
    '..',
    '__proto__',
    'constructor/',
    '',
    'D.1',
    'd1\n',
    'd\0',
    'd\u202e1',
    'ｄ1',
    'd1 ',
    'x'.repeat(65),
  ]
  it.each(bad)('with the user name %j is refused', (name) => {
    expect(judgeConnect({ ...REQUEST, username: name, clientId: name }, RULES)).toMatchObject({
      reason: 'user_name',
    })
  })
  it.each(bad)('with the client id %j is refused', (name) => {
    expect(judgeConnect({ ...REQUEST, clientId: name }, RULES)).toMatchObject({
      reason: 'client_id',
      code: 2,
    })
  })
  it('[MQTT-3.1.3-5] with a client id that any server must understand is told that it is not its own', () => {
    expect(judgeConnect({ ...REQUEST, clientId: 'D1' }, RULES)).toMatchObject({
      reason: 'id_mismatch',
      code: 5,
    })
  })
  it('with a plain word of the language as id is an ordinary device', () => {
    const plain = { ...REQUEST, username: 'constructor', clientId: 'constructor' }
    expect(judgeConnect(plain, RULES)).toEqual({ kind: 'device', deviceId: 'constructor' })
  })
})

describe('N3 N14 a device may publish', () => {
  it.each(['telemetry', 'event', 'attributes', 'status', 'cmd/reboot/res'])('its own %s', (rest) => {
    expect(mayPublish('d1', `dh/v1/d1/${rest}`)).toBeDefined()
  })
  it.each([
    'dh/v1/d2/telemetry',
    'dh/v1/d1/cmd/reboot',
    'dh/v1/d1/cmd/reboot/res/x',
    'dh/v1/d1/cmd//res',
    'dh/v1/d1',
    'dh/v1/d1/',
    'dh/v1/d1/telemetry/',
    'dh/v1/d1/Telemetry',
    'dh/v1/d1//telemetry',
    '/dh/v1/d1/telemetry',
    'dh/v1/d1/../d2/telemetry',
    'dh/v1/ｄ1/telemetry',
    'dh/v1/d1\u200b/telemetry',
    'dh/v2/d1/telemetry',
    'd1/telemetry',
    '$SYS/broker',
    '$share/g/dh/v1/d1/telemetry',
    '',
  ])('nothing at %j', (topic) => {
    expect(mayPublish('d1', topic)).toBeUndefined()
  })
  it.each(['+', '#', '', '..', '__proto__'])('nothing when it is called %j', (id) => {
    expect(mayPublish(id, `dh/v1/${id}/telemetry`)).toBeUndefined()
  })
})

describe('N3 a device may subscribe', () => {
  it.each(['dh/v1/d1/cmd/#', 'dh/v1/d1/cmd/+', 'dh/v1/d1/cmd/reboot', 'dh/v1/d1/#', 'dh/v1/d1/status'])(
    'inside its own tree: %s',
    (filter) => expect(maySubscribe('d1', filter)).toBe(true),
  )
  it.each([
    '#',
    '+/#',
    '+/+/+/cmd/#',
    'dh/#',
    'dh/v1/#',
    'dh/v1/+/cmd',
    'dh/v1/+/cmd/#',
    'dh/v1/+/telemetry',
    'dh/+/d1/cmd/#',
    'dh/v1/d2/cmd/#',
    'dh/v1/d1',
    'dh/v1/d1//',
    'dh/v1/d1/cmd//',
    'dh/v1/d1/..',
    'dh/v1/d1/../d2/telemetry',
    'dh/v1/ｄ1/cmd/#',
    'dh/v1/d1/cmd/a/res/b',
    '$SYS/#',
    '$share/g/dh/v1/d1/cmd/#',
    '$queue/dh/v1/d1/cmd/#',
    '',
  ])('nowhere else: %j', (filter) => {
    expect(maySubscribe('d1', filter)).toBe(false)
  })
  it.each(['+', '#', '', '$', '..'])('nothing when it is called %j', (id) => {
    expect(maySubscribe(id, `dh/v1/${id}/telemetry`)).toBe(false)
  })
})

describe('a device receives', () => {
  it.each([
    ['dh/v1/d1/cmd/reboot', true],
    ['dh/v1/d1/status', true],
    ['dh/v1/d10/cmd/reboot', false],
    ['dh/v1/d2/cmd/reboot', false],
    ['$SYS/x/heartbeat', false],
  ])('%s: %s', (topic, expected) => {
    expect(mayReceive('d1', topic)).toBe(expected)
  })
})
