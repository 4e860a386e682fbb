import Type from 'typebox'
import { InstantText } from './identity.ts'

/** Limits of a telemetry body. The broker's frame limit lies above the body's. */
export const MAX_BODY_BYTES = 64 * 1024
export const MAX_SAMPLES_PER_MESSAGE = 1000
export const MAX_SIGNALS_PER_SAMPLE = 64
/** Names that one device may ever use; those of the vocabulary are always among them. */
export const MAX_SIGNALS_PER_DEVICE = 256
/** An extra signal's name: what is safe as a field name of line protocol. Existing devices write camelCase too. */
export const SIGNAL_PATTERN = /^[A-Za-z][A-Za-z0-9_]{0,63}$/
/** Names that InfluxDB keeps for itself or that are tags; no signal may have one. */
export const RESERVED_SIGNALS: ReadonlySet<string> = new Set([
  'time',
  'device_id',
  'asset_id',
  'network',
  'zone',
])
/** A sample older than this is malformed. */
export const MAX_SAMPLE_AGE_MS = 30 * 24 * 3600 * 1000
/** A sample further in the future than this is given the server's time, and says so. */
export const MAX_FUTURE_MS = 5 * 60 * 1000

/** Why a message, a sample or a value is set aside; the `reason` label of `wellwatch_ingest_rejected_total`. */
export const REJECT_REASONS = [
  'empty',
  'too_large',
  'not_utf8',
  'not_json',
  'too_deep',
  'wrong_shape',
  'too_many_samples',
  'too_many_signals',
  'too_many_names',
  'bad_signal_name',
  'wrong_type',
  'not_finite',
  'no_values',
  'bad_time',
  'too_old',
  'unknown_event',
  'wrong_place',
  'unknown_device',
  'unplaced_device',
  'store_refused',
  'unstorable',
  'left_out',
] as const
export type RejectReason = (typeof REJECT_REASONS)[number]

/** `GET /devices/set-aside`: who sends what cannot be used, and the newest such messages of each reason. */
export const SetAsideView = Type.Object({
  senders: Type.Array(
    Type.Object({
      deviceId: Type.String({ description: 'as the sender names itself; it may be unknown' }),
      count: Type.Integer({ description: 'messages since it last was good for a day' }),
      reason: Type.Enum(REJECT_REASONS, { description: 'of the newest' }),
      at: InstantText,
    }),
    { description: 'of the last 24 hours, newest first; at most 500' },
  ),
  items: Type.Array(
    Type.Object({
      reason: Type.Enum(REJECT_REASONS),
      deviceId: Type.String(),
      topic: Type.String(),
      receivedAt: InstantText,
      body: Type.String({ description: 'its first 1024 bytes, made printable' }),
      bodyBytes: Type.Integer(),
      detail: Type.Optional(Type.String()),
    }),
  ),
})
export type SetAsideView = Type.Static<typeof SetAsideView>

/** Answer of `POST /device/{id}/telemetry`. */
export const IngestAnswer = Type.Object({
  accepted: Type.Integer({ minimum: 0 }),
  rejected: Type.Array(
    Type.Object({ index: Type.Integer({ minimum: 0 }), reason: Type.Enum(REJECT_REASONS) }),
  ),
  leftOut: Type.Optional(
    Type.Array(
      Type.Object({
        index: Type.Integer({ minimum: 0 }),
        path: Type.String(),
        why: Type.Enum(REJECT_REASONS),
      }),
      { description: 'values of accepted samples that were not kept, the first of them' },
    ),
  ),
})
export type IngestAnswer = Type.Static<typeof IngestAnswer>
