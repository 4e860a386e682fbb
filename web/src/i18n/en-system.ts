import type { Translated } from './dictionary.ts'
import type { zhSystem } from './zh-system.ts'

export const enSystem: Translated<typeof zhSystem> = {
  system: {
    troubles: 'System troubles',
    since: (time) => `since ${time}`,
    acceptClock: 'Confirm the new time',
    channels: 'Channels',
    noChannels: 'not set up',
  },
}
