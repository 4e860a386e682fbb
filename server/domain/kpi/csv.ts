import type { Figures, Kpi, Share, Span } from '#contract/kpi.ts'
import { csvOf, type Row } from '../csv.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'

type Clauses = PolicyPack['clauses']

const HEAD: Row = ['分组', '名称', '指标', '条款', '数量', '计入', '比例', '说明']

/** The figures as a table for a spreadsheet, one line a figure. */
export function figuresCsv(kpi: Kpi, clauses: Clauses): string {
  const total = [
    ...rowsOf('', '全部', kpi.total, clauses),
    ['', '全部', ...shareRow('按时通知', clauses.notice, kpi.notices)],
    ...rosterRows(kpi.roster, clauses),
  ]
  const groups = (kpi.groups ?? []).flatMap(({ id, name, figures }) => rowsOf(id, name.zh, figures, clauses))
  const period: Row = ['', '', '统计期间', '', null, null, null, `${kpi.from} 至 ${kpi.to}(不含)`]
  return csvOf([HEAD, period, ...total, ...groups])
}

function rowsOf(id: string, name: string, figures: Figures, clauses: Clauses): readonly Row[] {
  const { clocks, breachCauses, returnReasons, extensions } = figures
  const rows: Row[] = [
    ['工单数', '', figures.tickets, null, null, ''],
    ['未办结', '', figures.open, null, null, ''],
    ...clocks.map(({ clause, name: clock, onTime, late, overdue, share }) => [
      `${clock.zh} 按时率`,
      clause,
      onTime,
      onTime + late + overdue,
      rounded(share),
      `超时 ${String(late)},未结已超时 ${String(overdue)}`,
    ]),
    shareRow('按时到场', clauses.on_site, figures.firstArrival),
    ['超时原因:延时待批', clauses.request_extension, breachCauses.extension_pending, null, null, ''],
    ['超时原因:派单有误', '推定', breachCauses.mis_dispatch, null, null, ''],
    ['超时原因:缺抢修方案', '推定', breachCauses.plan_missing, null, null, ''],
    ['超时原因:其他', '', breachCauses.other, null, null, ''],
    shareRow('退回工单', clauses.review, figures.returned),
    ['退回:不详实', clauses.review, returnReasons.not_detailed, null, null, ''],
    ['退回:不规范', clauses.review, returnReasons.not_in_norm, null, null, ''],
    ['退回:分类不准确', clauses.review, returnReasons.wrong_category, null, null, ''],
    ['退回:其他', clauses.review, returnReasons.other, null, null, ''],
    [
      '延时申请',
      clauses.request_extension,
      extensions.requested,
      null,
      null,
      `已答复 ${String(extensions.answered)}`,
    ],
    shareRow('延时按时答复', clauses.answer_extension, extensions.answeredInTime),
    ['延时批准', clauses.request_extension, extensions.approved, null, null, ''],
    shareRow('按时回访', clauses.callback, figures.callbacksInTime),
    shareRow('回访满意', clauses.callback, figures.satisfied),
    ['回访未联系上', clauses.callback, figures.unreached, null, null, ''],
    shareRow('无效报险:传感器', clauses.unfounded, figures.unfoundedSensor),
    shareRow('无效报险:来电', clauses.unfounded, figures.unfoundedCall),
    shareRow('直接答复', clauses.answer, figures.answeredDirectly),
    spanRow('隐藏时间(发生至发现)', figures.hidden),
    spanRow('开单至派出', figures.pace.notified),
    spanRow('派出至方案确认', figures.pace.planned),
    spanRow('方案确认至修复', figures.pace.repaired),
    spanRow('传感器早于首个来电', figures.sensorLead),
    shareRow('传感器先发现', '', figures.sensorFirst),
  ]
  return rows.map((row) => [id, name, ...row])
}

function rosterRows(roster: Kpi['roster'], clauses: Clauses): readonly Row[] {
  if (roster === undefined) return []
  const { neededHours, coveredHours, missingHours, withoutRoster } = roster
  const share = neededHours === 0 ? null : coveredHours / neededHours
  const text = withoutRoster.length === 0 ? '' : `无值班表的部门 ${String(withoutRoster.length)} 个`
  const said = `缺口 ${String(missingHours)} 小时${text === '' ? '' : `,${text}`}`
  return [['', '全部', '采暖期值班人时', clauses.roster, coveredHours, neededHours, rounded(share), said]]
}

function shareRow(name: string, clause: string, { count, of, share }: Share): Row {
  return [name, clause, count, of, rounded(share), '']
}

function spanRow(name: string, { count, meanMinutes, medianMinutes, mostMinutes }: Span): Row {
  if (count === 0) return [name, '', 0, null, null, '']
  const text = `平均 ${String(meanMinutes)},中位 ${String(medianMinutes)},最长 ${String(mostMinutes)} 分钟`
  return [name, '', count, null, null, text]
}

function rounded(share: number | null): number | null {
  return share === null ? null : Math.round(share * 10_000) / 10_000
}
