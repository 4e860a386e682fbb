import { HOUR, instantText, MINUTE } from '../../domain/instant.ts'
import type { Services } from '../decisions/decisions.ts'

/** What every warning of a change of responsibility says (domain/network/import/handovers.ts). */
const CHANGE = '管理范围变更'

/**
 * A change of the division of responsibility wants written notice 48 hours before (第四条B, A27). Says
 * beside the warnings of an import whether there is one and whether it came in time; nothing is blocked.
 */
export async function checkScopeNotice(
  services: Services,
  warnings: readonly string[],
): Promise<readonly string[]> {
  if (!warnings.some((warning) => warning.includes(CHANGE))) return []
  const at = services.clock.now()
  const { clauses, settings } = services.rules.policy
  const notices = (await services.store.read.notices.current(at)).filter(({ kind }) => kind === 'scope')
  const first = notices.toSorted((a, b) => a.receivedAt - b.receivedAt)[0]
  if (first === undefined) return [`没有登记${CHANGE}通知,须补办(${clauses.notice})`]
  const leadMs = at - first.receivedAt
  const hours = String(Math.floor((leadMs / HOUR) * 10) / 10)
  const said = `${CHANGE}通知于 ${instantText(first.receivedAt).slice(0, 16).replace('T', ' ')} 收到`
  const isLate = leadMs < settings.noticeLeadMinutes * MINUTE
  const needed = String(settings.noticeLeadMinutes / 60)
  return [
    isLate
      ? `${said},提前 ${hours} 小时,不足 ${needed} 小时(${clauses.notice})`
      : `${said},提前 ${hours} 小时`,
  ]
}
