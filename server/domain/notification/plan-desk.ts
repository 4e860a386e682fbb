import type { EventOf, TicketEvent } from '../ticket/event.ts'
import { INFERRED } from './notification.ts'
import { oneLine, reason, shortTime, tellEach, type Tell } from './tell.ts'

/** What the desks decide, and what units ask of them. Other events tell nobody. */
export function planDesk(event: TicketEvent): readonly Tell[] {
  switch (event.type) {
    case 'reject':
      return tellEach(['duty_lead'], {
        urgency: 'alarm',
        text: {
          zh: `被退回,需重新派单:${oneLine(event.data.reason)}`,
          en: `refused, to be dispatched anew: ${oneLine(event.data.reason)}`,
        },
        reason: reason('退回调度中心', 'it goes back to the dispatch centre', INFERRED),
      })
    case 'review':
      return event.data.pass ? [] : tellEach(['deputy', 'crew'], returned(event))
    case 'request_extension':
      return tellEach(['duty_lead'], {
        urgency: 'soon',
        text: {
          zh: `申请延时至 ${shortTime(event.data.dueAt)}:${oneLine(event.data.reason)}`,
          en: `extension asked until ${shortTime(event.data.dueAt)}: ${oneLine(event.data.reason)}`,
        },
        reason: reason('调度中心按时限答复', 'the dispatch centre answers in time', 'answer_extension'),
      })
    case 'answer_extension':
      return answered(event)
    case 'confirm_extension':
      return tellEach(['deputy'], EFFECTIVE)
    case 'remind':
      return tellEach(['deputy', 'crew'], {
        urgency: 'soon',
        text: { zh: `催办:${oneLine(event.data.note)}`, en: `reminder: ${oneLine(event.data.note)}` },
        reason: reason('询问办理进展', 'the desk asks how it stands', 'remind'),
      })
    case 'raise_level':
      return tellEach(['deputy', 'crew'], {
        urgency: 'alarm',
        text: {
          zh: `已升级:${oneLine(event.data.reason)}`,
          en: `level raised: ${oneLine(event.data.reason)}`,
        },
        reason: reason('调度升级', 'the dispatcher raised the level', INFERRED),
      })
    case 'reopen':
      return tellEach(['deputy'], {
        urgency: 'soon',
        text: { zh: `重新办理:${oneLine(event.data.reason)}`, en: `reopened: ${oneLine(event.data.reason)}` },
        reason: reason('客户不满意,二次办理', 'the customer was not satisfied', INFERRED),
      })
    case 'merged':
      return tellEach(['deputy', 'crew'], merged(event))
    case 'unmerged':
      return tellEach(['deputy', 'crew'], {
        urgency: 'soon',
        text: { zh: '撤销合并,恢复单独办理', en: 'taken apart again, a ticket of its own' },
        reason: reason('撤销合并', 'the merge was taken back', INFERRED),
      })
    default:
      return []
  }
}

function returned({ data }: EventOf<'review'>): Omit<Tell, 'rung'> {
  const words = {
    not_detailed: { zh: '回复不详实', en: 'not detailed' },
    not_in_norm: { zh: '回复不规范', en: 'not in the norm' },
    wrong_category: { zh: '分类不准确', en: 'wrong category' },
    other: { zh: '其他', en: 'other' },
  }[data.reason ?? 'other']
  const text = oneLine(data.text ?? '')
  return {
    urgency: 'soon',
    text: {
      zh: `退回重新办理(${words.zh})${text === '' ? '' : `:${text}`}`,
      en: `returned (${words.en})${text === '' ? '' : `: ${text}`}`,
    },
    reason: reason('未达标工单退回', 'a reply below standard goes back', 'review'),
  }
}

/** Approved is not yet in force: 客服中心 confirms, unless one person holds both roles (A15). */
function answered({ data }: EventOf<'answer_extension'>): readonly Tell[] {
  if (!data.approve) {
    const text = oneLine(data.reason ?? '')
    return tellEach(['deputy'], {
      urgency: 'soon',
      text: {
        zh: `延时申请未批准${text === '' ? '' : `:${text}`}`,
        en: `extension refused${text === '' ? '' : `: ${text}`}`,
      },
      reason: reason('调度中心答复', 'the answer to your request', 'answer_extension'),
    })
  }
  if (data.confirms === true) return tellEach(['deputy'], EFFECTIVE)
  return tellEach(['service_leader'], {
    urgency: 'soon',
    text: { zh: '延时申请已同意,待客服中心批准', en: 'extension approved, waits to be confirmed' },
    reason: reason('经总公司客服中心批准后生效', 'it takes effect once confirmed', 'confirm_extension'),
  })
}

const EFFECTIVE: Omit<Tell, 'rung'> = {
  urgency: 'soon',
  text: { zh: '延时已批准,即时生效', en: 'extension in force' },
  reason: reason('批准后即时生效', 'in force from its confirmation', 'confirm_extension'),
}

function merged({ data }: EventOf<'merged'>): Omit<Tell, 'rung'> {
  const other = oneLine(data.otherNumber, 40)
  const why = reason('同一事件合并', 'both are one event', INFERRED)
  if (data.role === 'absorbed') {
    return {
      urgency: 'soon',
      text: { zh: `已并入 ${other},以该单为准`, en: `merged into ${other}, which stands for both` },
      reason: why,
    }
  }
  const text = { zh: `${other} 已并入`, en: `${other} was merged into it` }
  return { urgency: 'info', text, reason: why }
}
