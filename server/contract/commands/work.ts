import { command } from './command.ts'
import { bool, choices, files, instant, line, number, optional, people, position, text } from './field.ts'
import type { Role } from '../vocabulary.ts'

const scene = text('现场情况', 'Scene', {
  choices: proposals([
    ['井盖移位', 'lid displaced'],
    ['井盖缺失', 'lid missing'],
    ['路面冒汽', 'steam'],
    ['路面积水', 'water on the road'],
    ['路面塌陷', 'road sunk'],
    ['未见异常', 'nothing abnormal'],
  ]),
})
const heatAffected = bool('影响供热吗', 'Is heating affected?')
const minutes = { min: 0, max: 60 * 24 * 60, unit: 'minutes' } as const
const expectedMinutes = number('预计多久修好', 'Expected time', minutes)
const past = { past: true } as const

/** Records are kept in the policy's own language, whichever the screen speaks. */
function proposals(words: readonly (readonly [zh: string, en: string])[]) {
  return words.map(([zh, en]) => ({ value: zh, title: { zh, en } }))
}

/** Can this person be assigned a ticket of the department? Its crew can, and its officer. */
export function isCrewOf(
  person: { readonly roles: readonly Role[]; readonly departmentId?: string | undefined },
  department: string,
): boolean {
  const works = person.roles.some((role) => role === 'crew' || role === 'officer')
  return works && person.departmentId === department
}

/** The work of the unit and its crew, in the order in which it is done. */
export const WORK = {
  accept: command({
    by: 'officer',
    title: { zh: '接单', en: 'Accept' },
    event: { zh: '接单', en: 'accepted' },
    step: { zh: '接单', en: 'accept' },
    fields: {},
  }),
  assign: command({
    by: 'officer',
    title: { zh: '转抢修', en: 'Assign crew' },
    event: { zh: '转抢修', en: 'crew assigned' },
    fields: { crewIds: people('抢修人员', 'Crew', { min: 1, max: 50 }) },
  }),
  depart: command({
    by: 'crew',
    title: { zh: '出发', en: 'Depart' },
    event: { zh: '出发', en: 'crew left' },
    step: { zh: '出发', en: 'go' },
    fields: {},
  }),
  arrive: command({
    by: 'crew',
    title: { zh: '到场', en: 'Arrive' },
    event: { zh: '到场', en: 'on site' },
    step: { zh: '到场', en: 'arrive' },
    fields: {
      scene,
      heatAffected,
      affected: optional(text('影响范围', 'Affected')),
      expectedMinutes: number('预计多久修好', 'Expected time', { ...minutes, start: 120 }),
      position: optional(position('定位', 'Position')),
    },
  }),
  contact_facility: command({
    by: 'crew',
    title: { zh: '联系管理单位', en: 'Contact operator' },
    event: { zh: '联系管理单位', en: 'operator contacted' },
    fields: {
      callee: line('接听人', 'Who answered'),
      note: text('沟通内容', 'What was said'),
      scene,
      heatAffected,
      expectedMinutes,
    },
  }),
  safety: command({
    by: 'crew',
    title: { zh: '安全措施', en: 'Safety' },
    event: { zh: '设安全措施', en: 'site secured' },
    step: { zh: '安全', en: 'secure' },
    fields: {
      barrier: optional(bool('围挡', 'Barrier')),
      cordon: optional(bool('警戒线', 'Cordon')),
      reportedToServiceAt: optional(instant('报客服中心时间', 'Reported to customer service', past)),
      measures: choices('安全措施', 'Safety measures', {
        max: 50,
        choices: proposals([
          ['警示标识', 'Warning signs'],
          ['专人看守', 'Guard'],
          ['夜间照明', 'Lights'],
          ['通风', 'Ventilation'],
          ['关阀', 'Valve closed'],
          ['临时井盖', 'Temporary cover'],
        ]),
      }),
      noneReason: optional(text('无需措施的理由', 'Why none is needed')),
    },
  }),
  plan: command({
    by: 'crew',
    title: { zh: '抢修方案', en: 'Repair plan' },
    event: { zh: '确定方案', en: 'plan fixed' },
    step: { zh: '方案', en: 'plan' },
    fields: { text: text('抢修方案', 'Repair plan'), confirmedBy: line('方案确定人', 'Plan fixed by') },
  }),
  repair: command({
    by: 'crew',
    title: { zh: '修复', en: 'Repaired' },
    event: { zh: '修复', en: 'repaired' },
    step: { zh: '修复', en: 'repair' },
    fields: {
      text: text('修复情况', 'What was repaired'),
      attachmentIds: optional(files('照片', 'Photos', { max: 100 })),
    },
  }),
  restore: command({
    by: 'crew',
    title: { zh: '恢复供热', en: 'Heat restored' },
    event: { zh: '恢复供热', en: 'heat restored' },
    step: { zh: '供热', en: 'heat' },
    fields: {
      faultClearedAt: optional(instant('故障排除时间', 'Fault cleared', past)),
      heatRestoredAt: instant('恢复供热时间', 'Heat restored', { ...past, start: 'now' }),
      result: text('处理结果', 'Result'),
    },
  }),
  contact: command({
    by: 'crew',
    title: { zh: '联系反映人', en: 'Contact caller' },
    event: { zh: '联系反映人', en: 'caller contacted' },
    step: { zh: '联系', en: 'call' },
    fields: {
      reached: bool('联系上了吗', 'Reached?'),
      note: text('沟通内容', 'What was said'),
      appointmentAt: optional(instant('约定上门时间', 'Appointment')),
    },
  }),
} as const
