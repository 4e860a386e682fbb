import type { Channel } from '../flows/notification/outbox.ts'
import { CHANNEL_KINDS } from './channel-kinds.ts'
import { createGuard, type Guard } from './guard.ts'
import type { NotifySettings } from './settings.ts'

/** The configured channels, in the order in which they are tried. */
export function createChannels(
  { language, allow, channel: settings }: NotifySettings,
  wallNow: () => number = Date.now,
  guard: Guard = createGuard(allow),
): readonly Channel[] {
  return settings.flatMap((each) => {
    const kind = CHANNEL_KINDS.find(({ type }) => type === each.type)
    return kind?.open(each, { guard, wallNow, language }) ?? []
  })
}
