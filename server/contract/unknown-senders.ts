import Type from 'typebox'
import type { LocalizedText } from './text.ts'
import { InstantText } from './identity.ts'

/** Why nothing is taken from a sender that was heard. */
const UNKNOWN_REASONS = [
  'unknown_alias',
  'unknown_device',
  'unplaced_device',
  'wrong_secret',
  'foreign_topic',
  'id_mismatch',
  'bad_id',
  'anonymous',
] as const
export type UnknownReason = (typeof UNKNOWN_REASONS)[number]

/** Each reason in words, and what an engineer does about it. */
export const UNKNOWN_WORDS: Readonly<
  Record<UnknownReason, { readonly why: LocalizedText; readonly todo: LocalizedText }>
> = {
  unknown_alias: {
    why: { zh: '网关报来的设备未登记', en: 'a gateway speaks for it, and it is not registered' },
    todo: {
      zh: '登记它所在的设施；最近一天的数据随即补入。',
      en: 'Register it where it stands; its last day of readings then comes in.',
    },
  },
  unknown_device: {
    why: { zh: '编号未登记', en: 'its id is not registered' },
    todo: {
      zh: '把它登记到设施上，或改正设备里的编号；然后签发密钥。',
      en: 'Register it at an asset, or correct the id in the device; then issue a secret.',
    },
  },
  unplaced_device: {
    why: { zh: '有密钥，但没有登记位置', en: 'it has a secret and stands nowhere' },
    todo: { zh: '把它登记到所在的设施上。', en: 'Register it at the asset where it stands.' },
  },
  wrong_secret: {
    why: { zh: '密钥不对', en: 'its secret is wrong' },
    todo: {
      zh: '为它签发新密钥并写入设备；若设备已拆除，请断电。',
      en: 'Issue a new secret and write it into the device; if the device was removed, switch it off.',
    },
  },
  foreign_topic: {
    why: { zh: '发到了别的主题', en: 'it publishes to a topic that is not its own' },
    todo: {
      zh: '设备只能发到 dh/v1/自己的编号/telemetry、event、attributes 或 status：请改正它的主题。',
      en: 'A device publishes to dh/v1/{its id}/telemetry, event, attributes or status alone: correct its topic.',
    },
  },
  id_mismatch: {
    why: { zh: '客户端号与用户名不同', en: 'its client id is not its user name' },
    todo: {
      zh: '把客户端号、用户名都设为设备编号。',
      en: 'Set client id and user name both to the id of the device.',
    },
  },
  bad_id: {
    why: { zh: '编号不合规', en: 'no device can have this id' },
    todo: {
      zh: '编号为1至64个小写字母、数字、- 或 _，以字母或数字开头。',
      en: 'An id has 1 to 64 lower-case letters, digits, - or _ and begins with a letter or digit.',
    },
  },
  anonymous: {
    why: { zh: '没有用户名', en: 'it gives no user name' },
    todo: {
      zh: '在设备里填写用户名（设备编号）和密钥。',
      en: 'Enter user name (the id of the device) and secret in the device.',
    },
  },
}

/** `GET /devices/unknown`: who was heard and is not known, newest first. */
export const UnknownSendersView = Type.Object({
  items: Type.Array(
    Type.Object({
      key: Type.String(),
      clientId: Type.Optional(Type.String({ description: 'as it names itself, made printable' })),
      alias: Type.Optional(Type.String({ description: 'what the platform calls it' })),
      gateway: Type.Optional(Type.String({ description: 'that speaks for it' })),
      signals: Type.Optional(Type.Array(Type.String(), { description: 'of ours, in what it sent' })),
      topic: Type.String({ description: 'empty: it was refused before it could publish' }),
      reason: Type.Enum(UNKNOWN_REASONS),
      count: Type.Integer(),
      firstAt: InstantText,
      lastAt: InstantText,
      sample: Type.String({ description: 'the first bytes of its last message, made printable' }),
    }),
  ),
  dropped: Type.Integer({ description: 'senders forgotten since the start because there were too many' }),
})
export type UnknownSendersView = Type.Static<typeof UnknownSendersView>
