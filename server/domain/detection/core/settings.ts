import type { LocalizedText } from '#contract/text.ts'

/** A figure that an engineer may change, with everything that its screen and the start-up check need. */
export interface SettingDefinition {
  readonly title: LocalizedText
  readonly unit: string
  readonly default: number
  readonly min: number
  readonly max: number
}
export type SettingDefinitions = Readonly<Record<string, SettingDefinition>>

/** What is in force of some settings, by their keys. */
export type SettingValues<Definitions> = { readonly [Key in keyof Definitions]: number }

/** A setting of title (Chinese, English), unit, default and range (both ends allowed). */
export const setting = (
  [zh, en]: readonly [string, string],
  unit: string,
  value: number,
  [min, max]: readonly [number, number],
): SettingDefinition => ({ title: { zh, en }, unit, default: value, min, max })

/** Settings that belong to no single rule of a device. Nothing is tuned to one network. */
export const SHARED_SETTINGS = {
  lateEventH: setting(
    ['超过此时长的迟到事件不开工单', 'Late events open no ticket after'],
    'h',
    24,
    [1, 168],
  ),
  makeupThreshold: setting(['补水累积和限值:下限', 'Make-up CUSUM: lowest threshold'], 'σ', 12, [3, 100]),
  makeupDrift: setting(['补水累积和松弛', 'Make-up CUSUM: drift'], 'σ', 0.75, [0.1, 3]),
  makeupSigmaFloorTh: setting(['补水标准差下限', 'Make-up: lowest σ'], 't/h', 0.5, [0.01, 50]),
  makeupSigmaFloorShare: setting(
    ['补水标准差下限占平时', 'Make-up: lowest σ as a share of normal'],
    '',
    0.03,
    [0, 0.5],
  ),
  makeupWanderTh: setting(['补水平时的游动', 'Make-up: normal wander'], 't/h', 1.2, [0, 100]),
  makeupBurstTh: setting(
    ['补水骤增:连续两刻钟高于平时', 'Make-up surge: above normal for two quarter hours'],
    't/h',
    15,
    [3, 500],
  ),
  makeupAbsoluteTh: setting(
    ['补水上限(无基线时)', 'Make-up: upper limit without a baseline'],
    't/h',
    60,
    [1, 5000],
  ),
  makeupSlowZ: setting(
    ['补水日平均高于 28 天:限值', 'Make-up: daily mean above 28 days, threshold'],
    'σ',
    5,
    [2, 50],
  ),
  makeupAtOnceTh: setting(
    ['补水高于平时:不等佐证即报', 'Make-up above normal: alarm without corroboration'],
    't/h',
    45,
    [5, 5000],
  ),
  makeupFillingH: setting(
    ['补水报警等候佐证:可能是灌水', 'Make-up alarm waits for corroboration: possible filling'],
    'h',
    4,
    [0, 24],
  ),
  makeupFillingT: setting(
    ['补水报警等候佐证:最多流失', 'Make-up alarm waits for corroboration: most water lost'],
    't',
    100,
    [1, 10000],
  ),
  makeupUnsureH: setting(
    ['补水报警等候佐证:水温影响未知', 'Make-up alarm waits for corroboration: temperature response unknown'],
    'h',
    12,
    [0, 24],
  ),
  pressureSigmaKpa: setting(['压力标准差下限', 'Pressure: lowest σ'], 'kPa', 0.5, [0.1, 10]),
  pressureDropKpa: setting(['压力单独判断的最小下降', 'Pressure alone: smallest drop'], 'kPa', 5, [0.5, 100]),
  pressureZ: setting(['压力下降限值(无模型时)', 'Pressure drop: threshold without a model'], 'σ', 8, [2, 50]),
  spatialLeast: setting(
    ['泄漏空间统计量:限值下限', 'Spatial leak statistic: lowest threshold'],
    'σ',
    5,
    [3, 50],
  ),
  sensorLeast: setting(
    ['测点故障统计量:限值下限', 'Sensor fault statistic: lowest threshold'],
    'σ',
    6,
    [3, 50],
  ),
  sensorOffKpa: setting(['测点故障:最小偏离', 'Sensor fault: smallest deviation'], 'kPa', 2.5, [0.5, 100]),
  falseAlarmsPerSeason: setting(
    ['每类统计量每采暖季允许的误报次数', 'False alarms allowed per statistic and heating season'],
    '',
    1,
    [0.1, 50],
  ),
  stuckValues: setting(['读数不变次数', 'Stuck: equal readings in a row'], '', 12, [4, 1000]),
  spikeMad: setting(['毛刺限值', 'Spike: threshold'], 'MAD', 5, [3, 20]),
  staleIntervals: setting(['读数过期:上报周期的倍数', 'Stale: reporting intervals'], '×', 2.5, [1.5, 20]),
  offlineIntervals: setting(['失联:上报周期的倍数', 'Offline: reporting intervals'], '×', 3, [2, 50]),
  offlineMinS: setting(['失联下限', 'Offline: at the earliest after'], 's', 3600, [60, 86400]),
  offlineBatteryS: setting(
    ['电池设备失联判为故障', 'Offline: a fault of a battery device after'],
    's',
    28800,
    [3600, 604800],
  ),
  heartbeatS: setting(
    ['每日心跳设备的失联时限', 'Offline: devices with a daily heartbeat, after'],
    's',
    93600,
    [86400, 604800],
  ),
  outageGatherS: setting(
    ['同时失联的归并时间', 'Communication outage: devices lost within'],
    's',
    120,
    [0, 3600],
  ),
  outageDevices: setting(['判为通信中断的设备数', 'Communication outage: least devices'], '', 5, [2, 10000]),
  outageShare: setting(
    ['判为通信中断的设备占比', 'Communication outage: least share of devices'],
    '',
    0.2,
    [0.01, 1],
  ),
  batteryLowV: setting(['电池电压下限', 'Battery: lowest voltage'], 'V', 3.2, [0.5, 60]),
  batteryForecastDays: setting(['电池提前预报', 'Battery: forecast ahead'], 'd', 30, [1, 365]),
  skewS: setting(['设备时钟偏差', 'Device clock: offset'], 's', 120, [10, 86400]),
  incidentHops: setting(['沿管道归并的最大跳数', 'Incident: most hops along the pipes'], '', 3, [1, 20]),
  incidentJoinMin: setting(
    ['沿管道归并的时间', 'Incident: joined along the pipes within'],
    'min',
    60,
    [1, 1440],
  ),
  incidentWindowH: setting(['事件锁定时间', 'Incident: locked after'], 'h', 24, [1, 720]),
  prior: setting(['先验对数几率', 'Prior log-odds'], '', -2, [-10, 5]),
  confirmAt: setting(['确认所需对数几率', 'Log-odds that confirm an incident'], '', 1, [-5, 10]),
  weightCover: setting(
    ['证据:设备事件或持续的井盖异常', 'Evidence: device event or held cover condition'],
    '',
    5,
    [0, 10],
  ),
  weightVent: setting(['证据:冒汽或冒水', 'Evidence: steam or gushing water'], '', 3, [0, 10]),
  weightSuspect: setting(['证据:井内疑似泄漏', 'Evidence: suspected leak in a well'], '', 1, [0, 10]),
  weightDamage: setting(['证据:井盖疑似破损', 'Evidence: suspected cover damage'], '', 1, [0, 10]),
  weightStation: setting(['证据:换热站规则', 'Evidence: station rule'], '', 3, [0, 10]),
  weightMakeup: setting(['证据:补水', 'Evidence: make-up'], '', 2, [0, 10]),
  weightSpatial: setting(['证据:压力空间分布', 'Evidence: spatial pressure pattern'], '', 2, [0, 10]),
  weightSpatialStrong: setting(
    ['证据:压力空间分布达两倍限值', 'Evidence: spatial pressure pattern at twice the threshold'],
    '',
    3,
    [0, 10],
  ),
  weightCall: setting(['证据:来电', 'Evidence: call'], '', 2, [0, 10]),
  weightPressure: setting(['证据:仅压力', 'Evidence: pressure alone'], '', 1, [0, 10]),
  weightNeighbour: setting(['证据:相邻测点', 'Evidence: neighbouring sensor'], '', 1, [0, 10]),
  weightBadQuality: setting(['证据:数据质量差', 'Evidence: bad data quality'], '', -3, [-10, 0]),
} as const satisfies SettingDefinitions

/** The settings in force: the shared ones by name, those of the rules beside them. */
export type DetectionSettings = SettingValues<typeof SHARED_SETTINGS> & Readonly<Record<string, number>>

/** The values in force of a rule's own settings. */
export function settingsOf<Own extends SettingDefinitions>(
  site: { readonly run: { readonly context: { readonly settings: DetectionSettings } } },
  _own: Own,
): SettingValues<Own> {
  return site.run.context.settings as SettingValues<Own>
}
