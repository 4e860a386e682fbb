import Type, { type Static } from 'typebox'
import { Id } from '#contract/identity.ts'
import { LEVELS } from '#contract/vocabulary.ts'
import { RUNGS } from '../domain/notification/ladder.ts'
import { WEBHOOK_EVENTS } from '../domain/notification/notification.ts'
import { SECRET_PATTERN } from './sign-webhook.ts'

const closed = { additionalProperties: false }
const Url = Type.String({ pattern: '^https?://[^\\s]+$', maxLength: 2000, description: 'http(s)://…' })
const Secret = Type.String({ maxLength: 500, description: 'a secret, best by secret_file' })
const WebhookSecret = Type.String({
  pattern: SECRET_PATTERN.source,
  description: 'whsec_ and 24 to 64 bytes in base64',
})

/** Which notifications a channel takes; what is left out is not limited. */
const scope = {
  id: Id,
  departments: Type.Optional(Type.Array(Id, { minItems: 1 })),
  rungs: Type.Optional(Type.Array(Type.Enum(RUNGS), { minItems: 1 })),
  levels: Type.Optional(Type.Array(Type.Enum(LEVELS), { minItems: 1 })),
}
const robot = { ...scope, url: Url, secret: Type.Optional(Secret) }
const signed = { url: Url, secret: WebhookSecret, previousSecret: Type.Optional(WebhookSecret) }
const Address = Type.String({ pattern: '^[^\\s@<>]+@[^\\s@<>]+$', maxLength: 254 })

const Email = Type.Object(
  {
    ...scope,
    type: Type.Literal('email'),
    host: Type.String({ minLength: 1, maxLength: 253 }),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    tls: Type.Enum(['implicit', 'starttls', 'none']),
    username: Type.Optional(Type.String()),
    password: Type.Optional(Secret),
    from: Address,
    to: Type.Optional(Type.Array(Address)),
  },
  closed,
)

/** One `[[notify.channel]]` of wellwatch.toml, by its type. `url_file`, `secret_file`, … read a file instead. */
export const CHANNEL_SETTINGS = {
  wecom: Type.Object({ ...robot, type: Type.Literal('wecom') }, closed),
  dingtalk: Type.Object({ ...robot, type: Type.Literal('dingtalk') }, closed),
  feishu: Type.Object({ ...robot, type: Type.Literal('feishu') }, closed),
  email: Email,
  sms: Type.Object({ ...scope, ...signed, type: Type.Literal('sms') }, closed),
  webhook: Type.Object(
    {
      id: Id,
      ...signed,
      type: Type.Literal('webhook'),
      events: Type.Optional(Type.Array(Type.Enum(WEBHOOK_EVENTS), { minItems: 1 })),
    },
    closed,
  ),
} as const
const { wecom, dingtalk, feishu, email, sms, webhook } = CHANNEL_SETTINGS
const ChannelSettings = Type.Union([wecom, dingtalk, feishu, email, sms, webhook])
export type ChannelSettings = Static<typeof ChannelSettings>

/** Everything under `[notify]`. */
export const NotifySettings = Type.Object(
  {
    language: Type.Enum(['zh', 'en'], { default: 'zh', title: 'language of messages' }),
    allow: Type.Array(Type.String(), {
      default: [],
      title: 'inside hosts, addresses and ranges that may be written to',
    }),
    channel: Type.Array(ChannelSettings, { default: [] }),
  },
  { ...closed, default: { language: 'zh', allow: [], channel: [] } },
)
export type NotifySettings = Static<typeof NotifySettings>
