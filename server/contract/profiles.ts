import Type from 'typebox'
import { Id, InstantText } from './identity.ts'
import { nameOf } from './names.ts'
import { MAX_SAMPLES_PER_MESSAGE, REJECT_REASONS } from './telemetry.ts'
import { DEVICE_EVENTS } from './vocabulary.ts'

/** How the bytes of a foreign message are read: `hex` is given to the expression as lower-case digits. */
const ENCODINGS = ['json', 'text', 'hex'] as const
export type Encoding = (typeof ENCODINGS)[number]

const MAX_EXPRESSION_CHARS = 16_384
/** Messages of devices that one foreign message may become. */
export const MAX_TRANSLATED = MAX_SAMPLES_PER_MESSAGE
/** How a platform names a device: a kind and a value, compared in lower case. */
export const ALIAS_KINDS = ['dev_eui', 'imei', 'serial', 'name'] as const
export const MAX_ALIAS_CHARS = 128

const Title = Type.Object({ zh: nameOf(80), en: nameOf(80) }, { additionalProperties: false })

/** `PUT /profiles/{id}`: how a foreign message becomes ours. */
export const ProfileEntry = Type.Object(
  {
    title: Title,
    topics: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        maxItems: 20,
        description: 'MQTT topic filters; a message on any other topic is not for this profile',
      }),
    ),
    push: Type.Optional(Type.Boolean({ description: 'true: platforms send it over HTTP' })),
    answer: Type.Optional(
      Type.Union([Type.Literal(200), Type.Literal(202)], {
        description: 'what the platform wants to hear for a message that is kept; 202 where it is left out',
      }),
    ),
    encoding: Type.Enum(ENCODINGS),
    expression: Type.String({
      minLength: 1,
      maxLength: MAX_EXPRESSION_CHARS,
      description:
        'JSONata over {topic, body, receivedAt}; gives one or more {alias, ts?, values?, event?}, [] for a message that says nothing of a device, and nothing at all for one that it does not understand',
    }),
  },
  { additionalProperties: false },
)
export type ProfileEntry = Type.Static<typeof ProfileEntry>

export const Profile = Type.Object({
  ...ProfileEntry.properties,
  id: Id,
  builtIn: Type.Boolean({ description: 'true: it comes with Wellwatch and cannot be changed' }),
  changedAt: Type.Optional(InstantText),
  changedBy: Type.Optional(Type.String()),
})
export type Profile = Type.Static<typeof Profile>

/** `POST /profiles/try`: changes nothing. */
export const TryRequest = Type.Object(
  {
    profile: Type.Union([Id, ProfileEntry]),
    topic: Type.Optional(Type.String({ maxLength: 500 })),
    body: Type.Optional(Type.Unknown({ description: 'parsed JSON, or text' })),
    bodyBase64: Type.Optional(Type.String({ maxLength: 100_000 })),
  },
  { additionalProperties: false },
)
export type TryRequest = Type.Static<typeof TryRequest>

export const TryAnswer = Type.Object({
  messages: Type.Array(
    Type.Object({
      alias: Type.String(),
      device: Type.Optional(Type.String({ description: 'the device that has this alias' })),
      ts: Type.Optional(Type.Integer({ description: 'ms; left out: the time of arrival holds' })),
      values: Type.Record(Type.String(), Type.Union([Type.Number(), Type.Boolean()])),
      event: Type.Optional(Type.Enum(DEVICE_EVENTS)),
    }),
  ),
  leftOut: Type.Array(Type.Object({ path: Type.String(), why: Type.Enum(REJECT_REASONS) })),
  problems: Type.Array(Type.Object({ message: Type.String(), messageEn: Type.String() })),
})
export type TryAnswer = Type.Static<typeof TryAnswer>
