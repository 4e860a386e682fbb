import type { Sentence } from '#contract/incident.ts'
import type { CommandName } from '#contract/vocabulary.ts'

/** What a command is called to whoever is refused it. */
export const COMMAND_NAMES: Readonly<Record<CommandName, string>> = {
  answer: '直接答复',
  approve: '后台审核',
  dispatch: '派单',
  accept: '接单',
  reject: '退回改派',
  assign: '转抢修',
  depart: '出发',
  arrive: '到场',
  safety: '安全措施',
  plan: '抢修方案',
  repair: '修复',
  restore: '恢复供热',
  contact: '联系反映人',
  contact_facility: '联系管理单位',
  submit: '办结回单',
  unfounded: '无效报险',
  review: '审核',
  callback: '回访',
  request_extension: '延时申请',
  answer_extension: '答复延时',
  confirm_extension: '批准延时',
  remind: '催办',
  raise_level: '提级',
  reopen: '重新办理',
  state_hindrance: '申报条件受限',
  note: '备注',
  correct: '更正',
}

/** What the instants that people report are called to whoever gave a wrong one. */
const TIME_NAMES: Readonly<Record<string, Sentence>> = {
  occurredAt: { zh: '发生时间', en: 'the time when it happened' },
  surveyAt: { zh: '勘查时间', en: 'the time of the survey' },
  faultClearedAt: { zh: '故障排除时间', en: 'the time when the fault was cleared' },
  heatRestoredAt: { zh: '恢复供热时间', en: 'the time when heat was back' },
  reportedToServiceAt: { zh: '报客服中心时间', en: 'the time of the report to customer service' },
  reportedAt: { zh: '新情况报告时间', en: 'the time of the new report' },
  appointmentAt: { zh: '约定上门时间', en: 'the time of the appointment' },
  dueAt: { zh: '申请延至的时间', en: 'the new due time' },
}

/** A field's name for people; a field that has none is called what it is. */
export function timeName(field: string): Sentence {
  return TIME_NAMES[field] ?? { zh: field, en: field }
}
