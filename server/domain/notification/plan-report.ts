import type { EventOf, TicketEvent } from '../ticket/event.ts'
import type { Cites } from '../policy/citation.ts'
import type { Rung } from './ladder.ts'
import { oneLine, reason, shortTime, tellEach, type Planning, type Tell } from './tell.ts'

type Report = Extract<
  TicketEvent,
  { type: 'arrive' | 'contact_facility' | 'restore' | 'submit' | 'unfounded' }
>

const DISPATCH_FIRST: readonly Rung[] = ['duty_lead']
const SERVICE_FIRST: readonly Rung[] = ['service_leader', 'duty_lead']

/** What a unit reports back, to whom the clause names, the other centre in copy (A24). */
export function planReport(event: Report, { ticket }: Planning): readonly Tell[] {
  switch (event.type) {
    case 'arrive':
    case 'contact_facility':
      return ticket.kind === 'primary_leak'
        ? tellEach(SERVICE_FIRST, { ...scene(event), reason: sceneReason('总公司客服中心', 'primary_leak') })
        : tellEach(DISPATCH_FIRST, { ...scene(event), reason: sceneReason('调度中心', 'on_site') })
    case 'restore':
      return tellEach(ticket.kind === 'hes_secondary' ? SERVICE_FIRST : DISPATCH_FIRST, restored(event))
    case 'submit':
      return tellEach(DISPATCH_FIRST, {
        urgency: 'info',
        text: { zh: '已回单,待审核', en: 'submitted, waits for review' },
        reason: reason('回单由调度中心审核', 'the dispatch centre reviews every reply', 'review'),
      })
    case 'unfounded':
      return tellEach(DISPATCH_FIRST, {
        urgency: 'soon',
        text: { zh: '现场勘查为无效报险,待审核', en: 'found unfounded on site, waits for review' },
        reason: reason(
          '无效报险第一时间通知派单部门',
          'the dispatching department is told at once',
          'unfounded',
        ),
      })
  }
}

function scene({ type, data }: EventOf<'arrive'> | EventOf<'contact_facility'>) {
  const minutes = String(data.expectedMinutes)
  const begun =
    type === 'arrive' ? { zh: '已到场', en: 'on site' } : { zh: '已联系管理部门', en: 'facility contacted' }
  return {
    urgency: 'info' as const,
    text: {
      zh: `${begun.zh}:${oneLine(data.scene)};${data.heatAffected ? '影响供热' : '不影响供热'};预计 ${minutes} 分钟`,
      en: `${begun.en}: ${oneLine(data.scene)}; heat ${data.heatAffected ? 'affected' : 'not affected'}; about ${minutes} min`,
    },
  }
}

function sceneReason(to: string, cites: Cites) {
  return reason(`现场情况反馈给${to}`, 'the scene is reported', cites)
}

function restored({ data }: EventOf<'restore'>): Omit<Tell, 'rung'> {
  const at = shortTime(data.heatRestoredAt)
  return {
    urgency: 'info',
    text: { zh: `${at} 恢复供热:${oneLine(data.result)}`, en: `heat back at ${at}: ${oneLine(data.result)}` },
    reason: reason('修复时间和结果反馈', 'the time and result of the repair are reported', 'facility'),
  }
}
