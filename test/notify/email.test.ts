import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import type { MessageChannel } from '../../server/flows/notification/outbox.ts'
import { createChannels } from '../../server/notify/create-channels.ts'
import type { ChannelSettings } from '../../server/notify/settings.ts'
import { aMessage, soon } from './receiver.ts'

const mails: { to: string[]; text: string; user: string | undefined }[] = []
let server: SMTPServer | undefined
afterEach(async () => {
  mails.length = 0
  if (server === undefined) return
  const closed = once(server.server, 'close')
  server.close()
  await closed
  server = undefined
})

/** A real SMTP server that keeps its mails, and a channel towards it. */
async function mailbox(options: SMTPServerOptions = {}, to?: string[]): Promise<MessageChannel> {
  server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    closeTimeout: 100,
    onAuth: ({ username, password }, _session, done) => {
      if (password === 'right') done(null, { user: username ?? '' })
      else done(Object.assign(new Error('no'), { responseCode: 535 }))
    },
    onData: (stream, session, done) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const recipients = session.envelope.rcptTo.map(({ address }) => address)
        mails.push({ to: recipients, text: Buffer.concat(parts).toString('utf8'), user: session.user })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  return channelTo(port, to === undefined ? {} : { to })
}

type EmailSettings = Extract<ChannelSettings, { type: 'email' }>

function channelTo(port: number, more: Partial<EmailSettings> = {}): MessageChannel {
  const settings: EmailSettings = {
    id: 'mail',
    type: 'email',
    host: '127.0.0.1',
    port,
    tls: 'none',
    from: 'wellwatch@heat.example',
    username: 'wellwatch',
    password: 'right',
    ...more,
  }
  const [channel] = createChannels({ language: 'zh', allow: ['127.0.0.1'], channel: [settings] })
  if (channel === undefined || channel.audience === 'programs') throw new Error('no e-mail')
  return channel
}

describe('e-mail', () => {
  it('goes to the people of the message and to the fixed addresses, with an id that stays', async () => {
    const channel = await mailbox({}, ['desk@heat.example'])
    expect(await channel.send(aMessage(), soon())).toEqual({ kind: 'sent' })
    expect(await channel.send(aMessage(), soon())).toEqual({ kind: 'sent' })
    expect(mails.map(({ to }) => to)).toEqual(Array(2).fill(['desk@heat.example', 'crew@heat.example']))
    expect(mails[0]?.user).toBe('wellwatch')
    const ids = mails.map(({ text }) => /^Message-ID: (.*)$/im.exec(text)?.[1])
    expect(ids).toEqual(['<m1@wellwatch.invalid>', '<m1@wellwatch.invalid>'])
  })

  it('writes Chinese that arrives, and no header of a caller’s making', async () => {
    const channel = await mailbox()
    await channel.send(aMessage({ text: { zh: '井盖\r\nBcc: spy@evil.example', en: '' } }), soon())
    expect(mails[0]?.to).toEqual(['crew@heat.example'])
    expect(mails[0]?.text).not.toMatch(/^Bcc:/im)
    expect(mails[0]?.text).toContain('=?UTF-8?')
  })

  it('nobody with an address is a refusal', async () => {
    const channel = await mailbox()
    const nobody = await channel.send(aMessage({ people: [{ id: 'x', name: 'x' }] }), soon())
    expect(nobody).toMatchObject({ kind: 'refused' })
    expect(mails).toEqual([])
  })

  it('a wrong password and a refused sender are refusals, a full mailbox is worth another try', async () => {
    const channel = await mailbox()
    const wrong = channelTo((server?.server.address() as AddressInfo).port, { password: 'canary' })
    expect(await wrong.send(aMessage(), soon())).toEqual({ kind: 'refused', why: 'SMTP 535' })
    expect(await channel.send(aMessage(), soon())).toEqual({ kind: 'sent' })
    server?.close()
    const full = await mailbox({
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error('full'), { responseCode: 452 })),
    })
    expect(await full.send(aMessage(), soon())).toEqual({ kind: 'failed', why: 'SMTP 452' })
  })

  it('a server without encryption is not spoken to where STARTTLS is asked for', async () => {
    await mailbox()
    const strict = channelTo((server?.server.address() as AddressInfo).port, { tls: 'starttls' })
    expect((await strict.send(aMessage(), soon())).kind).not.toBe('sent')
    expect(mails).toEqual([])
  })

  it('a server that is not there, or says nothing, is unreachable', async () => {
    expect(await channelTo(1).send(aMessage(), soon())).toMatchObject({ kind: 'unreachable' })
    const mute = await mailbox({ onConnect: () => undefined })
    expect(await mute.send(aMessage(), soon(200))).toEqual({ kind: 'unreachable', why: 'timeout' })
  })
})
