import type { ClockKey, Level, TicketKind } from '#contract/vocabulary.ts'
import { WUDA_ROUTING } from '../network/routing-table.ts'
import { allClauses } from './clauses.ts'
import type { ClockRule } from './clock-rule.ts'
import { DEFAULT_SEASON, type KindRule, type PolicyPack } from './policy-pack.ts'

/** 乌达热力集团热线管理制度, published 2022-06-20. `inferred` names the entry of the ambiguity register. */
const clock = (
  name: readonly [string, string],
  clause: string,
  rule: Omit<ClockRule, 'name' | 'clause' | 'limitBy' | 'breach' | 'extendable'> &
    Partial<Pick<ClockRule, 'limitBy' | 'breach' | 'extendable'>>,
): ClockRule => ({
  name: { zh: name[0], en: name[1] },
  clause,
  limitBy: 'minutes',
  breach: 'breach',
  extendable: false,
  ...rule,
})

const FOUR_HOURS = 4 * 60
const DAY = 24 * 60
const THREE_DAYS = 72 * 60

const clocks: Record<ClockKey, ClockRule> = {
  dispatch: clock(['派单', 'dispatch'], '第八条1', {
    start: 'received',
    stop: 'dispatched',
    limitMinutes: 10,
    severity: 'amber',
    inferred: 'I',
    byKind: { consult: { severity: 'red' } },
  }),
  accept: clock(['接单', 'accept'], '第三条3', {
    start: 'dispatched',
    stop: 'accepted',
    limitMinutes: 10,
    severity: 'red',
    inferred: 'A5',
  }),
  assign: clock(['转接工人员', 'pass to crew'], '第三条3', {
    start: 'dispatched',
    stop: 'assigned',
    limitMinutes: 10,
    severity: 'amber',
    inferred: 'A4',
  }),
  arrive: clock(['到场', 'on site'], '第八条3(1)', {
    start: 'dispatched',
    stop: 'arrived',
    limitMinutes: 30,
    severity: 'red',
    inferred: 'A6',
    byKind: { primary_leak: { clause: '第八条3(4)' } },
  }),
  contact_facility: clock(['联系设施管理部门', 'contact the managing department'], '第八条3(3)', {
    start: 'effective_accept',
    stop: 'facility_contact',
    limitMinutes: 30,
    severity: 'red',
  }),
  contact_reporter: clock(['当日联系反映人', 'contact the reporter the same day'], '第八条2', {
    start: 'effective_accept',
    stop: 'reporter_contact',
    limitBy: 'same_day',
    severity: 'red',
  }),
  repair_cover: clock(['井盖修复', 'cover repaired'], '第八条3(5)', {
    start: 'received',
    stop: 'repaired',
    limitMinutes: FOUR_HOURS,
    severity: 'red',
  }),
  repair_vent: clock(['冒汽冒水修复', 'venting repaired'], '第八条3(6)', {
    start: 'received',
    stop: 'repaired',
    limitMinutes: DAY,
    severity: 'red',
    extendable: true,
  }),
  repair_leak: clock(['一次网修复供热', 'primary network repaired, heat restored'], '第八条3(4)', {
    start: 'plan',
    stop: 'repaired_heat',
    limitMinutes: DAY,
    severity: 'red',
    extendable: true,
    inferred: 'A12',
  }),
  watch_leak: clock(['一次网外部时限', 'outer watch of a primary leak'], '第七条', {
    start: 'received',
    stop: 'repaired_heat',
    limitMinutes: DAY,
    severity: 'amber',
    breach: 'advice',
    inferred: 'A12',
  }),
  repair_station: clock(['换热站/二次网修复供热', 'station or secondary network restored'], '第八条3(3)', {
    start: 'effective_accept',
    stop: 'fault_heat',
    limitMinutes: DAY,
    severity: 'red',
    extendable: true,
  }),
  close_indoor_leak: clock(['室内漏水办结', 'indoor leak closed'], '第八条3(2)', {
    start: 'received',
    stop: 'submitted',
    limitMinutes: DAY,
    severity: 'red',
    extendable: true,
  }),
  close_consult: clock(['咨询办结', 'consultation closed'], '第八条1', {
    start: 'dispatched',
    stop: 'submitted',
    limitMinutes: THREE_DAYS,
    severity: 'red',
  }),
  close_not_hot: clock(['不热办结', 'not-hot closed'], '第八条2', {
    start: 'effective_accept',
    stop: 'submitted',
    limitMinutes: THREE_DAYS,
    severity: 'red',
    extendable: true,
  }),
  close_level: clock(['按级办结', 'closed by level'], '第七条', {
    start: 'repair',
    stop: 'submitted',
    limitBy: 'level',
    severity: 'amber',
    extendable: true,
    byKind: {
      complaint: { start: 'received', severity: 'red' },
      help_other: { start: 'received', severity: 'red' },
    },
    inferred: 'A13',
  }),
  call_back: clock(['回访', 'call-back'], '第三条7', {
    start: 'slip',
    stop: 'callback',
    limitBy: 'working_days',
    workingDays: 7,
    severity: 'red',
    inferred: 'A21',
  }),
  answer_extension: clock(['答复延时申请', 'answer to an extension'], '第八条2', {
    start: 'extension_requested',
    stop: 'extension_answered',
    limitMinutes: DAY,
    severity: 'red',
  }),
  contact_promptly: clock(['及时联系反映人', 'contact the reporter promptly'], '第三条4', {
    start: 'effective_accept',
    stop: 'reporter_contact',
    limitMinutes: 30,
    severity: 'grey',
    breach: 'measured',
    inferred: 'I',
  }),
}

const EMERGENCY_INTAKE: KindRule['intake'] = ['address', 'callerPhone', 'began', 'scene']
const kind = (
  name: readonly [string, string],
  clause: string,
  level: Level,
  rule: Pick<KindRule, 'clocks' | 'headline'> & Partial<KindRule>,
): KindRule => ({
  name: { zh: name[0], en: name[1] },
  clause,
  level,
  emergency: false,
  intake: ['address', 'callerPhone'],
  onSite: 'none',
  barrierAndCordon: false,
  noMeasuresAllowed: true,
  mayStayUnresolved: true,
  extension: 'refused',
  inferred: 'A1',
  ...rule,
})
const emergency = { emergency: true, intake: EMERGENCY_INTAKE, onSite: 'required' as const }
const dangerous = { ...emergency, noMeasuresAllowed: false, mayStayUnresolved: false }

const HANDED_ON = ['dispatch', 'accept', 'assign'] as const
const ON_SITE = [...HANDED_ON, 'arrive'] as const

const kinds: Record<TicketKind, KindRule> = {
  cover: kind(['井盖破损、缺失、移位', 'well cover damaged, missing, displaced'], '第八条3(5)', 'special', {
    ...dangerous,
    clocks: [...ON_SITE, 'contact_promptly', 'repair_cover', 'close_level', 'call_back'],
    headline: 'repair_cover',
  }),
  well_vent: kind(['热力井冒汽、冒水', 'well venting steam or water'], '第八条3(6)', 'first', {
    ...dangerous,
    clocks: [...ON_SITE, 'contact_promptly', 'repair_vent', 'close_level', 'call_back', 'answer_extension'],
    headline: 'repair_vent',
    extension: 'override',
  }),
  primary_leak: kind(['一次主(支)网漏水', 'leak of the primary network'], '第八条3(4)', 'first', {
    ...dangerous,
    barrierAndCordon: true,
    clocks: [
      ...ON_SITE,
      'contact_promptly',
      'repair_leak',
      'watch_leak',
      'close_level',
      'call_back',
      'answer_extension',
    ],
    headline: 'repair_leak',
    extension: 'allowed',
  }),
  hes_secondary: kind(['换热站、二次网故障', 'station or secondary network fault'], '第八条3(3)', 'first', {
    ...emergency,
    onSite: 'own_facility',
    clocks: [
      ...ON_SITE,
      'contact_facility',
      'contact_promptly',
      'repair_station',
      'close_level',
      'call_back',
      'answer_extension',
    ],
    headline: 'repair_station',
    extension: 'allowed',
  }),
  indoor_leak: kind(['室内采暖设施漏水', 'leak inside a home'], '第八条3(2)', 'first', {
    ...emergency,
    clocks: [...ON_SITE, 'contact_promptly', 'close_indoor_leak', 'call_back', 'answer_extension'],
    headline: 'close_indoor_leak',
    extension: 'allowed',
  }),
  not_hot: kind(['反映不热', 'not hot'], '第八条2', 'third', {
    clocks: [...HANDED_ON, 'contact_reporter', 'close_not_hot', 'call_back', 'answer_extension'],
    headline: 'close_not_hot',
    extension: 'allowed',
  }),
  consult: kind(['咨询', 'consultation'], '第八条1', 'third', {
    clocks: [...HANDED_ON, 'contact_promptly', 'close_consult', 'call_back'],
    headline: 'close_consult',
  }),
  complaint: kind(['投诉', 'complaint'], '第七条', 'second', {
    clocks: [...HANDED_ON, 'contact_promptly', 'close_level', 'call_back'],
    headline: 'close_level',
    inferred: 'A2',
  }),
  help_other: kind(['其他求助', 'other request'], '第七条', 'second', {
    clocks: [...HANDED_ON, 'contact_promptly', 'close_level', 'call_back'],
    headline: 'close_level',
    inferred: 'A2',
  }),
}

/** Every pack has at least these: what it does not cite, a refusal could not. */
export const WUDA_CLAUSES = {
  answer: '第三条2',
  approve: '第三条2',
  dispatch: '第三条2',
  accept: '第三条3',
  reject: '第三条3',
  assign: '第三条3',
  depart: '第八条3(1)',
  arrive: '第八条3(1)',
  safety: '第八条3(1)',
  plan: '第八条3(4)',
  repair: '第三条4',
  restore: '第三条4',
  contact: '第三条4',
  contact_facility: '第八条3(3)',
  submit: '第三条5',
  unfounded: '第四条A',
  review: '第三条6',
  callback: '第三条7',
  request_extension: '第八条2',
  answer_extension: '第八条2',
  confirm_extension: '第八条2',
  state_hindrance: '第八条2',
  remind: '第三条2',
  raise_level: '第七条',
  reopen: '第三条7',
  note: '第三条1',
  correct: '第三条1',
  routing: '第四条A',
  intake: '第四条A',
  detail: '第三条1',
  on_site: '第八条3(1)',
  fences: '第八条3(4)',
  facility: '第八条3(3)',
  phone_order: '第六条2',
  notice: '第四条B',
  roster: '第八条3(7)',
  duty_hours: '第五条',
  written_reply: '第三条5',
} as const

export const WUDA: PolicyPack = {
  id: 'wuda',
  title: { zh: '乌达热力集团热线管理制度', en: 'Wuda Heating Group, hotline management rules' },
  publishedAt: '2022-06-20T15:19:00+08:00',
  legalBasis: '《内蒙古自治区供热条例》',
  hotline: '0473-3231885',
  levels: {
    special: {
      name: { zh: '特级', en: 'Special' },
      clause: '第七条1',
      closeMinutes: FOUR_HOURS,
      atOnce: true,
    },
    first: { name: { zh: '一级', en: 'Level 1' }, clause: '第七条2', closeMinutes: DAY, atOnce: true },
    second: { name: { zh: '二级', en: 'Level 2' }, clause: '第七条3', closeMinutes: 2 * DAY, atOnce: false },
    third: {
      name: { zh: '三级', en: 'Level 3' },
      clause: '第七条4',
      closeMinutes: THREE_DAYS,
      atOnce: false,
    },
  },
  kinds,
  clocks,
  flags: {
    arrive_from: 'dispatch',
    sensor_start: 'opened',
    review_time: 'excluded',
    callback_from: 'submitted',
    extension_answer: 'literal',
    same_day_cutoff: null,
    same_day_next: '12:00',
  },
  settings: {
    deemedAcceptMinutes: 10,
    planAutoStartMinutes: 120,
    lateEntryMinutes: 30,
    receivedReachesBackMinutes: DAY,
    safetyAmberMinutes: 10,
    reviewTargetMinutes: DAY,
    appointmentWarnMinutes: 60,
    progressMinutes: 8 * 60,
    clearShare: 0.7,
    unreachableAttempts: 3,
    unreachableDays: 2,
    extensionMost: 2,
    extensionMostShare: 1,
    joinRadiusM: 50,
    nearbyRadiusM: 500,
    noticeLeadMinutes: 2 * DAY,
    checkInMinutes: 12 * 60,
    travel: { kmPerHour: 30, detour: 1.4, turnoutMinutes: 5 },
    warnAtPercent: [50, 80],
    warnShortAtPercent: [60],
    shortLimitMinutes: 30,
  },
  clauses: allClauses(WUDA_CLAUSES),
  routing: WUDA_ROUTING,
  season: DEFAULT_SEASON,
  reviewLevels: [{ name: { zh: '一级审核', en: 'level-one review' }, role: 'dispatcher', inferred: 'A20' }],
  escalation: { skippedRungs: { special: 1 }, unansweredMinutes: 5, inferred: 'A31' },
}
