import { describe, expect, it } from 'vitest'
import { AddressRefused, createGuard, isAllowable } from '../../server/notify/guard.ts'
import { post } from '../../server/notify/post.ts'
import { aReceiver, soon } from './receiver.ts'

const nowhere = () => Promise.resolve([])

describe('N23 the address guard', () => {
  it.each([
    '127.0.0.1',
    '127.1.2.3',
    '10.0.0.5',
    '172.16.9.9',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '[::1]',
    'fd00::1',
    'fe80::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '::ffff:0:127.0.0.1',
    'fe80::1%lo',
    '::7f00:1',
    '100::1',
    '5f00::1',
    '3fff::1',
    '192.88.99.1',
    'fec0::1',
    'ff02::1',
  ])('refuses %s', async (address) => {
    await expect(createGuard([], nowhere)(address)).rejects.toThrow(AddressRefused)
  })

  it.each(['2130706433', '0x7f.1', '017700000001', '127.1'])(
    'refuses %s as a URL writes it',
    async (host) => {
      const { hostname } = new URL(`http://${host}/`)
      await expect(createGuard([], nowhere)(hostname)).rejects.toThrow(AddressRefused)
    },
  )

  it('lets outside addresses through', async () => {
    expect(await createGuard([], nowhere)('8.8.8.8')).toEqual({ address: '8.8.8.8', family: 4 })
    expect(await createGuard([], nowhere)('2400:3200::1')).toEqual({ address: '2400:3200::1', family: 6 })
  })

  it('lets inside ones through that a name, an address or a range allows', async () => {
    const inside = () => Promise.resolve([{ address: '10.1.2.3', family: 4 }])
    expect(await createGuard(['mail.heat.example'], inside)('mail.heat.example')).toMatchObject({ family: 4 })
    expect(await createGuard(['10.1.0.0/16'], inside)('mail.heat.example')).toMatchObject({
      address: '10.1.2.3',
    })
    await expect(createGuard(['10.2.0.0/16'], inside)('mail.heat.example')).rejects.toThrow(AddressRefused)
  })

  it('a name with one inside address among outside ones is refused', async () => {
    const mixed = () =>
      Promise.resolve([
        { address: '8.8.8.8', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ])
    await expect(createGuard([], mixed)('rebind.example')).rejects.toThrow(AddressRefused)
  })

  it('connects to what was looked up first: a second answer is never asked for', async () => {
    const receiver = await aReceiver(() => ({}))
    let asked = 0
    const rebinding = () => {
      asked += 1
      return Promise.resolve([{ address: asked === 1 ? '127.0.0.1' : '8.8.8.8', family: 4 }])
    }
    const guard = createGuard(['hook.example'], rebinding)
    const answer = await post({ url: `http://hook.example:${String(receiver.port)}/`, guard }, '{}', soon())
    expect(answer).toMatchObject({ kind: 'answer', status: 200 })
    expect(asked).toBe(1)
    expect(receiver.got[0]?.headers.host).toBe(`hook.example:${String(receiver.port)}`)
    await receiver.close()
  })

  it('a refused address is a refusal that names the setting', async () => {
    const answer = await post({ url: 'http://169.254.169.254/x', guard: createGuard([]) }, '{}', soon())
    expect(answer).toEqual({
      kind: 'refused',
      why: '169.254.169.254 is an inside address, allow it in notify.allow',
    })
  })

  it('knows what may stand in the list', () => {
    expect(['mail', '10.0.0.1', '10.0.0.0/8', 'fd00::/8', '::1'].every(isAllowable)).toBe(true)
    expect(['', 'a b', '10.0.0.0/40', 'mail/8', '/8'].some(isAllowable)).toBe(false)
  })
})
