import type { Channel } from '../flows/notification/outbox.ts'
import type { ChannelParts } from './channel-parts.ts'
import { dingtalkChannel } from './dingtalk.ts'
import { emailChannel } from './email.ts'
import { feishuChannel } from './feishu.ts'
import { createGuard, type Guard } from './guard.ts'
import type { ChannelSettings, NotifySettings } from './settings.ts'
import { smsChannel } from './sms.ts'
import { webhookChannel } from './webhook.ts'
import { wecomChannel } from './wecom.ts'

/** The configured channels, in the order in which they are tried. */
export function createChannels(
  settings: NotifySettings,
  wallNow: () => number = Date.now,
  guard: Guard = createGuard(settings.allow),
): readonly Channel[] {
  return settings.channel.map((each) => createChannel(each, { guard, wallNow, language: settings.language }))
}

function createChannel(
  settings: ChannelSettings,
  common: Pick<ChannelParts, 'guard' | 'wallNow' | 'language'>,
): Channel {
  if (settings.type === 'email') {
    const { username = '', password = '', to = [] } = settings
    return emailChannel({ ...settings, ...common, username, password, to, scope: scopeOf(settings) })
  }
  const secrets =
    'previousSecret' in settings ? [settings.secret, settings.previousSecret] : [settings.secret]
  const parts: ChannelParts = {
    ...common,
    scope: scopeOf(settings),
    url: settings.url,
    secret: settings.secret ?? '',
    secrets: secrets.filter((secret) => secret !== undefined),
  }
  switch (settings.type) {
    case 'wecom':
      return wecomChannel(parts)
    case 'dingtalk':
      return dingtalkChannel(parts)
    case 'feishu':
      return feishuChannel(parts)
    case 'sms':
      return smsChannel(parts)
    case 'webhook':
      return webhookChannel(parts, settings.events)
  }
}

function scopeOf(settings: ChannelSettings): ChannelParts['scope'] {
  if (settings.type === 'webhook') return { id: settings.id }
  const { id, departments, rungs, levels } = settings
  return {
    id,
    ...(departments === undefined ? {} : { departments }),
    ...(rungs === undefined ? {} : { rungs }),
    ...(levels === undefined ? {} : { levels }),
  }
}
