/** A figure that an engineer may turn, with everything that its screen and the start-up check need. */
export interface SettingDefinition {
  readonly title: string
  readonly unit: string
  readonly default: number
  readonly min: number
  readonly max: number
}

const setting = (title: string, unit: string, value: number, range: readonly [number, number]) =>
  ({ title, unit, default: value, min: range[0], max: range[1] }) satisfies SettingDefinition

/** Every setting of the detector. Defaults are those of detection.md §2; nothing is tuned to one network. */
export const SETTINGS = {
  coverTiltDeg: setting('井盖移位:偏离安装角', '°', 10, [5, 15]),
  coverClearBelowDeg: setting('井盖恢复:低于限值', '°', 3, [0, 5]),
  coverOpenDeg: setting('井盖打开或缺失:倾角', '°', 60, [30, 90]),
  coverOpenHoldS: setting('井盖打开:持续时间', 's', 30, [1, 600]),
  coverDisplacedHoldS: setting('井盖移位:持续时间', 's', 120, [2, 1800]),
  coverClearHoldS: setting('井盖恢复:持续时间', 's', 60, [0, 3600]),
  coverShockG: setting('井盖疑似破损:冲击', 'g', 4, [1, 50]),
  coverLeanDeg: setting('冲击后倾斜下限', '°', 3, [1, 10]),
  coverShockWindowMin: setting('冲击后观察时间', 'min', 60, [1, 1440]),
  lateEventH: setting('超过此时长的迟到事件不开工单', 'h', 24, [1, 168]),
  chamberRiseK: setting('井室升温:高于24小时中位数', 'K', 8, [2, 40]),
  chamberRateK: setting('井室升温:15分钟内', 'K', 4, [1, 40]),
  chamberHumidRiseK: setting('高湿时的升温', 'K', 3, [1, 20]),
  chamberHumidityPct: setting('井室高湿', '%RH', 98, [80, 100]),
  chamberSteamC: setting('一次网井室冒汽温度', '°C', 55, [40, 100]),
  chamberHoldS: setting('井室单一信号:持续时间', 's', 60, [0, 1800]),
  chamberClearHoldS: setting('井室恢复:持续时间', 's', 900, [0, 86400]),
  wellLevelM: setting('井内积水:高于平时', 'm', 0.1, [0.02, 2]),
  wellGushShare: setting('冒水:水位占井深', '', 0.8, [0.3, 1]),
  wellDepthM: setting('井深(未登记时)', 'm', 2.5, [0.5, 20]),
  stationDropMpa: setting('二次网压力下降', 'MPa', 0.06, [0.01, 1]),
  stationDropShare: setting('二次网压力下降占平时', '', 0.15, [0.02, 0.9]),
  stationLowSupplyMpa: setting('二次网供水压力下限(无基线时)', 'MPa', 0.2, [0, 2]),
  stationLowReturnMpa: setting('二次网回水压力下限(无基线时)', 'MPa', 0.1, [0, 2]),
  stationCollapseK: setting('二次网供水温度骤降', 'K', 10, [2, 50]),
  stationLowSupplyC: setting('二次网供水温度下限(无基线时)', '°C', 30, [0, 80]),
  stationMakeupTh: setting('二次网补水上升', 't/h', 1, [0.1, 100]),
  stationHoldS: setting('换热站异常:持续时间', 's', 300, [0, 7200]),
  stationClearHoldS: setting('换热站恢复:持续时间', 's', 900, [0, 86400]),
  makeupThreshold: setting('补水累积和限值:下限', 'σ', 12, [3, 100]),
  makeupDrift: setting('补水累积和松弛', 'σ', 0.75, [0.1, 3]),
  makeupSigmaFloorTh: setting('补水标准差下限', 't/h', 0.5, [0.01, 50]),
  makeupSigmaFloorShare: setting('补水标准差下限占平时', '', 0.03, [0, 0.5]),
  makeupWanderTh: setting('补水平时的游动', 't/h', 1.2, [0, 100]),
  makeupBurstTh: setting('补水骤增:连续两刻钟高于平时', 't/h', 15, [3, 500]),
  makeupAbsoluteTh: setting('补水上限(无基线时)', 't/h', 60, [1, 5000]),
  makeupSlowZ: setting('补水日平均高于 28 天:限值', 'σ', 5, [2, 50]),
  makeupAtOnceTh: setting('补水高于平时:不等佐证即报', 't/h', 45, [5, 5000]),
  makeupFillingH: setting('补水报警等候佐证:可能是灌水', 'h', 4, [0, 24]),
  makeupFillingT: setting('补水报警等候佐证:最多流失', 't', 100, [1, 10000]),
  makeupUnsureH: setting('补水报警等候佐证:水温影响未知', 'h', 12, [0, 24]),
  pressureSigmaKpa: setting('压力标准差下限', 'kPa', 0.5, [0.1, 10]),
  pressureDropKpa: setting('压力单独判断的最小下降', 'kPa', 5, [0.5, 100]),
  pressureZ: setting('压力下降限值(无模型时)', 'σ', 8, [2, 50]),
  spatialLeast: setting('泄漏空间统计量:限值下限', 'σ', 5, [3, 50]),
  sensorLeast: setting('测点故障统计量:限值下限', 'σ', 6, [3, 50]),
  sensorOffKpa: setting('测点故障:最小偏离', 'kPa', 2.5, [0.5, 100]),
  falseAlarmsPerSeason: setting('每类统计量每采暖季允许的误报', '次', 1, [0.1, 50]),
  stuckValues: setting('读数不变次数', '', 12, [4, 1000]),
  spikeMad: setting('毛刺限值', 'MAD', 5, [3, 20]),
  staleIntervals: setting('读数过期', '周期', 2.5, [1.5, 20]),
  offlineIntervals: setting('失联', '周期', 3, [2, 50]),
  offlineMinS: setting('失联下限', 's', 3600, [60, 86400]),
  heartbeatS: setting('每日心跳设备的失联时限', 's', 93600, [86400, 604800]),
  outageGatherS: setting('同时失联的归并时间', 's', 120, [0, 3600]),
  outageDevices: setting('判为通信中断的设备数', '', 5, [2, 10000]),
  outageShare: setting('判为通信中断的设备占比', '', 0.2, [0.01, 1]),
  batteryLowV: setting('电池电压下限', 'V', 3.2, [0.5, 60]),
  batteryForecastDays: setting('电池提前预报', 'd', 30, [1, 365]),
  skewS: setting('设备时钟偏差', 's', 120, [10, 86400]),
  incidentHops: setting('沿管道归并的最大跳数', '', 3, [1, 20]),
  incidentJoinMin: setting('沿管道归并的时间', 'min', 60, [1, 1440]),
  incidentWindowH: setting('事件锁定时间', 'h', 24, [1, 720]),
  prior: setting('先验对数几率', '', -2, [-10, 5]),
  confirmAt: setting('确认所需对数几率', '', 1, [-5, 10]),
  weightCover: setting('证据:设备事件或持续的井盖异常', '', 5, [0, 10]),
  weightVent: setting('证据:冒汽或冒水', '', 3, [0, 10]),
  weightSuspect: setting('证据:井内疑似泄漏', '', 1, [0, 10]),
  weightDamage: setting('证据:井盖疑似破损', '', 1, [0, 10]),
  weightStation: setting('证据:换热站规则', '', 3, [0, 10]),
  weightMakeup: setting('证据:补水', '', 2, [0, 10]),
  weightSpatial: setting('证据:压力空间分布', '', 2, [0, 10]),
  weightSpatialStrong: setting('证据:压力空间分布达两倍限值', '', 3, [0, 10]),
  weightCall: setting('证据:来电', '', 2, [0, 10]),
  weightPressure: setting('证据:仅压力', '', 1, [0, 10]),
  weightNeighbour: setting('证据:相邻测点', '', 1, [0, 10]),
  weightBadQuality: setting('证据:数据质量差', '', -3, [-10, 0]),
} as const satisfies Record<string, SettingDefinition>

export type DetectionSettings = { readonly [Key in keyof typeof SETTINGS]: number }

/** The settings as delivered. */
export const DEFAULT_SETTINGS: DetectionSettings = Object.fromEntries(
  Object.entries(SETTINGS).map(([key, definition]) => [key, definition.default]),
) as DetectionSettings

/** Name of a detector version, part of every evidence. */
export const MODEL = 'rules-2'
