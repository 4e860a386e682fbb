import type { TicketState } from '#contract/vocabulary.ts'

export const TO_GO: readonly TicketState[] = ['accepted', 'assigned', 'en_route']
export const ON_SITE: readonly TicketState[] = [
  'arrived',
  'safety_set',
  'plan_confirmed',
  'repaired',
  'restored',
  'returned',
]
/** The unit has taken it. */
export const AT_WORK: readonly TicketState[] = [...TO_GO, ...ON_SITE]
export const WITH_UNIT: readonly TicketState[] = ['dispatched', ...AT_WORK]
export const OPEN: readonly TicketState[] = ['under_review', ...WITH_UNIT, 'submitted', 'callback_due']

export const STATE_NAMES: Record<TicketState, string> = {
  under_review: '待审核',
  answered_directly: '直接办结',
  dispatched: '已派单',
  accepted: '已接单',
  assigned: '已转接工人员',
  en_route: '途中',
  arrived: '已到场',
  safety_set: '已设安全措施',
  plan_confirmed: '方案已定',
  repaired: '已修复',
  restored: '已恢复供热',
  submitted: '待初审',
  returned: '已退回',
  callback_due: '待回访',
  archived: '已归档',
  merged: '已并单',
}
