import Type from 'typebox'
import { InstantText } from './identity.ts'
import { DEVICE_FAULTS } from './vocabulary.ts'

/** What devices can watch. */
export const WATCHED_SUBJECTS = ['cover', 'chamber', 'station', 'loss', 'leak'] as const
export type WatchedSubject = (typeof WATCHED_SUBJECTS)[number]

const Ids = Type.Array(Type.String())

/**
 * Why nothing of a signal can be believed: its device was never heard, it speaks but this signal never came,
 * this signal stopped coming, or a fault of the device.
 */
const BLIND_REASONS = ['never_heard', 'never_came', 'stopped', ...DEVICE_FAULTS] as const
export type BlindReason = (typeof BLIND_REASONS)[number]

const BlindSignal = Type.Object({
  deviceId: Type.String(),
  signal: Type.String(),
  why: Type.Enum(BLIND_REASONS),
  since: Type.Optional(InstantText),
})

/** Where nothing is seen any more, since devices are silent or not to be believed. */
export const BlindSpotView = Type.Object({
  subject: Type.Enum(WATCHED_SUBJECTS),
  assetIds: Ids,
  pipeIds: Type.Array(Type.String(), { description: 'of a leak: the stretch that no sensor reaches' }),
  deviceIds: Type.Array(Type.String(), { description: 'whose repair would end it' }),
  reasons: Type.Array(BlindSignal),
  since: Type.Optional(InstantText),
})
export type BlindSpotView = Type.Static<typeof BlindSpotView>

/** `GET /blind-spots`: what is watched now, and what no longer. */
export const WatchingView = Type.Object({
  at: InstantText,
  spots: Type.Array(BlindSpotView),
  coverage: Type.Array(
    Type.Object({
      subject: Type.Enum(WATCHED_SUBJECTS),
      installed: Type.Integer({ description: 'places with a device; of leaks metres of pipe' }),
      working: Type.Integer(),
    }),
  ),
  missing: Type.Array(Type.Object({ ...BlindSignal.properties, assetId: Type.String() }), {
    description: 'signals that should come and do not though their device speaks',
  }),
})
export type WatchingView = Type.Static<typeof WatchingView>
