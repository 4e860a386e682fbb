import Type from 'typebox'
import { InstantText } from './identity.ts'

/** What devices can watch. */
export const WATCHED_SUBJECTS = ['cover', 'chamber', 'station', 'loss', 'leak'] as const
export type WatchedSubject = (typeof WATCHED_SUBJECTS)[number]

const Ids = Type.Array(Type.String())

/** Where nothing is seen any more, since devices are silent or not to be believed. */
export const BlindSpotView = Type.Object({
  subject: Type.Enum(WATCHED_SUBJECTS),
  assetIds: Ids,
  pipeIds: Type.Array(Type.String(), { description: 'of a leak: the stretch that no sensor reaches' }),
  deviceIds: Type.Array(Type.String(), { description: 'whose repair would end it' }),
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
})
export type WatchingView = Type.Static<typeof WatchingView>
