import type { CONTINGENCY_SIDES } from '#contract/contingency.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { TicketKind } from '#contract/vocabulary.ts'
import type { Cites } from '../policy/citation.ts'

/** One line of a contingency plan 应急预案. `inferred`: good practice that the text does not spell out. */
export interface ContingencyItem {
  readonly id: string
  readonly by: (typeof CONTINGENCY_SIDES)[number]
  readonly text: LocalizedText
  readonly cites: Cites
  readonly inferred: boolean
}

type Line = readonly [id: string, zh: string, en: string, cites: Cites, inferred?: 'I']

function crew(...lines: readonly Line[]): readonly ContingencyItem[] {
  return lines.map((line) => item('crew', line))
}

function dispatch(...lines: readonly Line[]): readonly ContingencyItem[] {
  return lines.map((line) => item('dispatch', line))
}

function item(by: ContingencyItem['by'], [id, zh, en, cites, inferred]: Line): ContingencyItem {
  return { id, by, text: { zh, en }, cites, inferred: inferred !== undefined }
}

const ORDER = dispatch(
  [
    'order_crew',
    '电话或系统通知值班抢修人员出发',
    'order the crew on duty by phone or system',
    'phone_order',
  ],
  [
    'warn_caller',
    '告知来电人远离危险处,说明措施',
    'tell the caller to keep away and what is being done',
    'intake',
    'I',
  ],
)
const REPORT: Line = [
  'report_scene',
  '向调度中心反馈现场情况、是否影响供热、预计时限',
  'report scene, effect on heating and expected time to dispatch',
  'on_site',
]
const SIGNS: Line = ['warning_signs', '设置警示标识,夜间加警示灯', 'warning signs, lit at night', 'on_site']
const GAS: Line = [
  'test_air',
  '下井前通风,检测氧气、可燃与有毒气体和温度',
  'before entering: ventilate, test oxygen, gases and temperature',
  'on_site',
  'I',
]
const NOTICE = dispatch([
  'outage_notice',
  '发布停热公告:预计恢复时间和应急措施',
  'publish the outage notice: expected restoration and measures',
  'intake',
])

/** Checklists by kind of ticket, from 第八条 3(1)–3(7); kinds without danger have none. */
const PLANS: Partial<Record<TicketKind, readonly ContingencyItem[]>> = {
  cover: [
    ...ORDER,
    ...dispatch([
      'tell_traffic',
      '井口在车道时通知交警',
      'well in the carriageway: tell the traffic police',
      'on_site',
      'I',
    ]),
    ...crew(
      [
        'guard_opening',
        '专人看守井口,阻止行人车辆靠近',
        'guard the opening, keep people and cars away',
        'on_site',
        'I',
      ],
      SIGNS,
      ['barrier', '井口四周设围挡', 'barrier around the opening', 'on_site', 'I'],
      [
        'nobody_inside',
        '确认井内无人、无异物',
        'make sure nobody and nothing is in the well',
        'on_site',
        'I',
      ],
      REPORT,
      [
        'refit_cover',
        '复位或更换井盖,检查井圈和防坠网',
        'refit or replace the cover, check frame and safety net',
        'cover',
      ],
      ['photo', '拍照留存修复后的井盖', 'photograph the cover after repair', 'submit', 'I'],
    ),
    ...dispatch([
      'sensor_normal',
      '核对井盖传感器恢复正常',
      'check that the cover sensor is back to normal',
      'cover',
      'I',
    ]),
  ],
  well_vent: [
    ...ORDER,
    ...crew(
      SIGNS,
      ['keep_distance', '疏散周边人员,防止烫伤', 'clear the surroundings: scalding', 'on_site', 'I'],
      ['barrier', '设围挡,夜间有人值守', 'barrier, attended at night', 'on_site', 'I'],
      GAS,
      REPORT,
      [
        'find_source',
        '查明汽、水来源:管道、补偿器、阀门或地表水',
        'find the source: pipe, compensator, valve or surface water',
        'well_vent',
        'I',
      ],
      [
        'isolate',
        '需要时按调度令关闭隔离阀门',
        'if needed, close the isolating valves on dispatch’s order',
        'well_vent',
        'I',
      ],
      ['pump_out', '抽水降温后修复', 'pump out, cool, repair', 'well_vent'],
    ),
    ...dispatch([
      'isolation_order',
      '给出需关闭的阀门和受影响换热站',
      'name the valves to close and the stations affected',
      'well_vent',
      'I',
    ]),
    ...NOTICE,
  ],
  primary_leak: [
    ...ORDER,
    ...dispatch(
      [
        'isolation_order',
        '给出需关闭的阀门和受影响换热站',
        'name the valves to close and the stations affected',
        'primary_leak',
        'I',
      ],
      [
        'watch_makeup',
        '监视热源补水量和定压点压力',
        'watch make-up flow and holding pressure at the source',
        'primary_leak',
        'I',
      ],
      ['duty_leader', '报告总公司值班领导', 'tell the company’s duty leader', 'roster', 'I'],
    ),
    ...crew(
      ['barrier', '设立围挡', 'barrier', 'fences'],
      ['cordon', '设立警戒线', 'cordon', 'fences'],
      SIGNS,
      GAS,
      [
        'report_service',
        '向总公司客服中心反馈现场情况',
        'report the scene to the customer-service centre',
        'primary_leak',
      ],
      REPORT,
      [
        'isolate',
        '按调度令关闭上下游隔离阀门,挂牌上锁',
        'close the isolating valves on dispatch’s order, lock and tag',
        'primary_leak',
        'I',
      ],
      [
        'stop_water',
        '防止热水漫流至路面、地下室和电缆井',
        'keep hot water from roads, cellars and cable ducts',
        'on_site',
        'I',
      ],
      ['plan_confirmed', '确定抢修方案并报调度中心', 'fix the repair plan and tell dispatch', 'primary_leak'],
      ['repair', '修复,试压', 'repair and pressure-test', 'primary_leak'],
      ['refill', '缓慢充水排气,恢复供热', 'refill slowly, vent, restore heat', 'primary_leak'],
    ),
    ...NOTICE,
    ...dispatch([
      'heat_back',
      '核对受影响换热站恢复供热',
      'check that the affected stations have heat again',
      'primary_leak',
    ]),
  ],
  hes_secondary: [
    ...ORDER,
    ...crew(
      [
        'contact_facility',
        '按时限与供热设施的管理部门联系',
        'contact the managing department in time',
        'facility',
      ],
      ['emergency_measures', '采取应急处理措施', 'emergency measures', 'hes_secondary'],
      [
        'isolate',
        '漏水时关闭换热站进出口或支路阀门',
        'leak: close the station’s or branch’s valves',
        'hes_secondary',
        'I',
      ],
      ['power_off', '站内进水时切断电源', 'flooded station: cut the power', 'on_site', 'I'],
      REPORT,
      [
        'standby_pump',
        '泵、换热器故障时切换备用',
        'failed pump or exchanger: switch to the standby',
        'hes_secondary',
        'I',
      ],
      [
        'urge',
        '督促管理单位按时限排除故障、恢复供热',
        'urge the managing unit: cleared and heat back in time',
        'hes_secondary',
      ],
      [
        'report_result',
        '将修复时间和结果反馈客服中心',
        'report repair time and result to customer service',
        'hes_secondary',
      ],
    ),
    ...NOTICE,
  ],
  indoor_leak: [
    ...ORDER,
    ...dispatch([
      'shut_by_phone',
      '电话指导用户关闭入户阀门',
      'tell the household by phone how to shut its valve',
      'indoor_leak',
      'I',
    ]),
    ...crew(
      ['shut_valve', '关闭入户或立管阀门', 'shut the household’s or the riser’s valve', 'indoor_leak', 'I'],
      ['power_safe', '查看漏水是否危及用电', 'does the water endanger the electricity?', 'on_site', 'I'],
      [
        'neighbours',
        '告知楼下及同立管住户',
        'tell the neighbours below and on the same riser',
        'indoor_leak',
        'I',
      ],
      REPORT,
      ['repair', '修复并试水', 'repair and test', 'indoor_leak'],
      [
        'reopen_valve',
        '恢复阀门,确认室内供热',
        'reopen the valve, check that heat is back',
        'indoor_leak',
        'I',
      ],
    ),
  ],
}

/** The checklist of a kind, in the order in which it is worked through; empty where there is none. */
export function contingencyOf(kind: TicketKind): readonly ContingencyItem[] {
  return PLANS[kind] ?? []
}
