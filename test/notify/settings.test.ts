import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TSchema } from 'typebox'
import { CHANNEL_KINDS } from '../../server/notify/channel-kinds.ts'
import { readConfig } from '../../server/config.ts'

const dir = mkdtempSync(join(tmpdir(), 'notify-'))
const file = (name: string, text: string) => {
  writeFileSync(join(dir, name), text)
  return join(dir, name)
}
const read = (toml: string) => readConfig({ WELLWATCH_CONFIG: file('wellwatch.toml', toml) })

describe('the channels of the configuration file', () => {
  it('are none by default', () => {
    expect(readConfig({})).toMatchObject({ notify: { language: 'zh', allow: [], channel: [] } })
  })

  it('are read with their secrets from files', () => {
    const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`
    const config = read(`
      [notify]
      allow = ["10.1.0.0/16", "mail.heat.example"]
      [[notify.channel]]
      id = "ops"
      type = "dingtalk"
      url_file = "${file('url', 'https://oapi.dingtalk.com/robot/send?access_token=x\n')}"
      secret_file = "${file('ding', 'SEC1\n')}"
      departments = ["network-ops"]
      rungs = ["crew", "deputy"]
      [[notify.channel]]
      id = "erp"
      type = "webhook"
      url = "https://erp.heat.example/hook"
      secret_file = "${file('hook', secret)}"
      events = ["ticket.overdue"]
    `)
    expect(config).toMatchObject({
      notify: {
        allow: ['10.1.0.0/16', 'mail.heat.example'],
        channel: [
          {
            url: 'https://oapi.dingtalk.com/robot/send?access_token=x',
            secret: 'SEC1',
            rungs: ['crew', 'deputy'],
          },
          { id: 'erp', secret, events: ['ticket.overdue'] },
        ],
      },
    })
  })

  it('have every mistake named, and no secret repeated', () => {
    const config = read(`
      [notify]
      colour = "red"
      allow = ["a b"]
      language = "fr"
      [[notify.channel]]
      id = "a"
      type = "wecom"
      url = "ftp://canary"
      rungs = ["king"]
      [[notify.channel]]
      id = "a"
      type = "sms"
      url = "https://sms.heat.example/"
      secret = "canary"
      foo = 1
      [[notify.channel]]
      type = "pigeon"
      [[notify.channel]]
      id = "m"
      type = "email"
      host = "mail"
      port = 0
      tls = "starttls"
      from = "nobody"
      password_file = "${join(dir, 'absent')}"
    `)
    const mistakes = 'mistakes' in config ? config.mistakes : []
    for (const part of [
      'notify.colour: no such setting',
      'notify.allow',
      'notify.language',
      'notify.channel a: url',
      'notify.channel a: rungs.0',
      'notify.channel a: secret',
      'notify.channel a: foo: no such setting',
      'notify.channel 3: type',
      'notify.channel m: port',
      'notify.channel m: from',
      `notify.channel m: password_file: ${join(dir, 'absent')} cannot be read (ENOENT)`,
    ]) {
      expect(mistakes).toContainEqual(expect.stringContaining(part))
    }
    expect(mistakes.join('\n')).not.toContain('canary')
  })

  it('are told of all their mistakes, however many there are', () => {
    const wrong = Array.from({ length: 12 }, (_each, index) => `"nobody ${String(index)}"`)
    const config = read(`
      [[notify.channel]]
      id = "m"
      type = "email"
      host = ""
      port = 0
      tls = "starttls"
      from = "nobody"
      to = [${wrong.join(', ')}]
    `)
    const mistakes = 'mistakes' in config ? config.mistakes : []
    const keys = ['host', 'port', 'from', ...wrong.map((_each, index) => `to.${String(index)}`)]
    expect(mistakes.map((each) => each.split(': ')[1])).toEqual(keys)
  })

  it.each(CHANNEL_KINDS.map((kind) => [kind.type, kind] as const))(
    'of %s have every secret marked',
    (_type, kind) => {
      const open = Object.entries<TSchema>(kind.schema.properties).filter(
        ([, each]) => !('writeOnly' in each),
      )
      expect(open.filter(([key]) => /secret|token|password|key|url/i.test(key))).toEqual([])
    },
  )

  it('must not share an id', () => {
    const wecom = '[[notify.channel]]\nid = "a"\ntype = "wecom"\nurl = "https://x.example/"\n'
    expect(read(wecom + wecom)).toEqual({ mistakes: ['notify.channel a: two channels have this id'] })
  })
})
