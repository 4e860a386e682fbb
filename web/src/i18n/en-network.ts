import type { Translated } from './dictionary.ts'
import type { zhNetwork } from './zh-network.ts'

export const enNetwork: Translated<typeof zhNetwork> = {
  isolation: {
    open: 'Valves to close',
    title: 'Valves to close',
    of: (name) => `to isolate ${name}`,
    sentence: (valves, stations, homes) =>
      `Closing ${valves} ${valves === 1 ? 'valve' : 'valves'} isolates it; ${stations} stations with ${homes.toLocaleString('en')} homes lose heat.`,
    nothingToClose: 'No valve has to be closed.',
    notFed: 'No source supplied this place before.',
    close: (name) => `close ${name}`,
    stuck: (name) => `stuck ${name}`,
    stop: (name) => `stop ${name}`,
    stuckMore: 'It will not move? Press, and the next ring is closed',
    soundMore: 'It does move? Press to restore',
    markStuck: 'Stuck',
    markSound: 'It moves',
    valves: 'Valves to close',
    valvesMore: 'each of them is needed',
    stuckTitle: 'Stuck valves',
    mustStop: (names) => `No valve on the way: stop ${names}`,
    keepClosed: 'Keep closed',
    draining: 'May also be closed against draining',
    loses: 'Loses heat',
    stations: 'stations',
    households: 'homes',
    area: '×10,000 m²',
    homes: (n) => `${n} homes`,
    partly: '(in part)',
    unknown: (n) => `${n} stations without a number of homes: the sum is too small`,
    notice: 'Draft of a notice',
    noticeMore: 'check before publishing',
    draft: 'Draft the notice',
    back: 'Back to the incident',
  },
}
