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
  drills: {
    choose: 'Choose a drill to see its times',
    more: 'While a drill is on, alarms at the chosen places go all the way without telling anybody outside or counting in the figures; afterwards each step and its time stand here.',
    purpose: 'Who did what within what time; nobody outside is told, no figure counts it',
    begin: 'Begin a drill',
    end: 'End it',
    isOn: 'on',
    reason: 'What is rehearsed',
    places: 'Facilities',
    placesMore: 'By id or name; all others raise alarms as ever',
    remove: (name) => `Leave out ${name}`,
    none: 'There has been no drill yet',
    noTickets: 'No ticket was opened at these facilities meanwhile',
    ticket: 'Ticket',
    clocks: 'Limits',
    minutes: (n) => `${n} min`,
    note: 'From the opening on. ✓ in time, ✕ late.',
  },
}
