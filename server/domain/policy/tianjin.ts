import { extendPack } from './extend-pack.ts'
import { WUDA } from './wuda.ts'

const HOUR = 60
const RULE = '天津井盖办法'

/**
 * 《天津市城市道路管线井管理办法》, in force since 2017-04-01, for covers and shafts: the owner on site in
 * 30 minutes, displaced, damaged or lost covers repaired in 6 hours, collapse or seepage within 3 days. It was
 * read in a secondary copy and is to be verified. What it does not speak of stays as in Wuda.
 */
export const TIANJIN = extendPack(WUDA, {
  id: 'tianjin',
  title: { zh: '天津市城市道路管线井管理办法', en: 'Tianjin, rules for wells of pipelines in city roads' },
  publishedAt: '2017-04-01T00:00:00+08:00',
  legalBasis: '《天津市城市道路管线井管理办法》',
  kinds: {
    // No limit for the paper is known there: `close_level` by Wuda's levels would fall due before the repair.
    cover: {
      clause: RULE,
      clocks: ['dispatch', 'accept', 'assign', 'arrive', 'contact_promptly', 'repair_cover', 'call_back'],
    },
    well_vent: {
      name: { zh: '井体塌陷、渗漏', en: 'collapse of or seepage in a well' },
      clause: RULE,
      clocks: ['dispatch', 'accept', 'assign', 'arrive', 'contact_promptly', 'repair_vent', 'call_back'],
      extension: 'refused',
    },
  },
  clocks: {
    arrive: { byKind: { cover: { clause: RULE }, well_vent: { clause: RULE } } },
    repair_cover: { clause: RULE, limitMinutes: 6 * HOUR, extendable: false },
    repair_vent: { clause: RULE, limitMinutes: 3 * 24 * HOUR, extendable: false },
  },
  levels: { special: { closeMinutes: 6 * HOUR } },
})
