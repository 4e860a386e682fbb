import type { Sentence } from '#contract/incident.ts'

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
