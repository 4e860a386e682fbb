import Type, { type Static, type TObject } from 'typebox'
import { CHANNEL_KINDS } from './channel-kinds.ts'

/** One `[[notify.channel]]` of wellwatch.toml. `url_file`, `secret_file`, … read a file instead. */
export type ChannelSettings = Static<(typeof CHANNEL_KINDS)[number]['schema']>

const Channel = Type.Unsafe<ChannelSettings>(Type.Union(CHANNEL_KINDS.map(({ schema }) => schema)))

/** Everything under `[notify]`. */
export const NotifySettings = Type.Object(
  {
    language: Type.Enum(['zh', 'en'], { default: 'zh', title: 'language of messages' }),
    allow: Type.Array(Type.String(), {
      default: [],
      title: 'inside hosts, addresses and ranges that may be written to',
    }),
    channel: Type.Array(Channel, { default: [] }),
  },
  { additionalProperties: false, default: { language: 'zh', allow: [], channel: [] } },
)
export type NotifySettings = Static<typeof NotifySettings>

/** The keys of one type of channel; undefined where there is no such type. */
export function schemaOf(type: unknown): TObject | undefined {
  return CHANNEL_KINDS.find((kind) => kind.type === type)?.schema
}
