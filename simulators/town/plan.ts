import type { Place } from './ground.ts'

/** The plan of the town: what is drawn by hand. Everything else is derived from it. */

type Heading = 'N' | 'S' | 'E' | 'W'

export interface TrunkPlan {
  readonly id: string
  readonly name: string
  readonly line: readonly Place[]
  readonly diameterMm: number
  readonly commissionedAt?: string
  readonly warrantyUntil?: string
  readonly underConstruction?: true
}

export interface StationPlan {
  readonly number: number
  readonly at: Place
  /** Where its secondary network goes, and how far. */
  readonly heading: Heading
  readonly reach: number
}

export interface BranchPlan {
  readonly id: string
  readonly name: string
  readonly line: readonly Place[]
  readonly diameterMm: number
  readonly stations: readonly StationPlan[]
  /** A link to a second trunk whose valve is shut in normal operation. */
  readonly tieEnd?: true
}

export const SOURCE_PLACE: Place = [150, 128]

export const TRUNKS: readonly TrunkPlan[] = [
  {
    id: 'north',
    name: '北干线',
    diameterMm: 800,
    line: [SOURCE_PLACE, [150, 190], [220, 190], [770, 190], [830, 250]],
    commissionedAt: '2009-10-15',
    warrantyUntil: '2012-04-15',
  },
  {
    id: 'east',
    name: '东干线',
    diameterMm: 700,
    line: [
      [830, 250],
      [830, 690],
      [760, 770],
    ],
    commissionedAt: '2014-10-15',
    warrantyUntil: '2017-04-15',
  },
  {
    id: 'south',
    name: '南干线',
    diameterMm: 600,
    line: [
      [760, 770],
      [262, 770],
      [200, 708],
    ],
    commissionedAt: '2025-10-15',
    warrantyUntil: '2032-04-15',
  },
  {
    id: 'west',
    name: '西干线',
    diameterMm: 700,
    line: [
      [220, 190],
      [200, 210],
      [200, 708],
    ],
    commissionedAt: '2011-10-15',
    warrantyUntil: '2014-04-15',
  },
  {
    id: 'middle',
    name: '中干线',
    diameterMm: 600,
    line: [
      [430, 190],
      [430, 770],
    ],
    commissionedAt: '2012-10-15',
    warrantyUntil: '2015-04-15',
  },
  {
    id: 'new',
    name: '滨河新区干线',
    diameterMm: 600,
    line: [
      [830, 690],
      [905, 690],
      [960, 745],
      [960, 850],
    ],
    underConstruction: true,
  },
]

/** Sectional valves of the trunks. */
export const TRUNK_VALVES: readonly Place[] = [
  [270, 190],
  [455, 190],
  [740, 190],
  [830, 290],
  [830, 515],
  [830, 645],
  [700, 770],
  [475, 770],
  [285, 770],
  [200, 640],
  [200, 300],
  [430, 235],
  [430, 625],
]

function branch(
  line: readonly Place[],
  name: string,
  stations: readonly (readonly [number, number, number, Heading, number])[],
  more: { readonly tieEnd?: true; readonly diameterMm?: number } = {},
): Omit<BranchPlan, 'id'> {
  const diameterMm = [150, 150, 200, 250][stations.length] ?? 300
  const plans = stations.map(([number, x, y, heading, reach]) => ({
    number,
    at: [x, y] as const,
    heading,
    reach,
  }))
  return { line, name, diameterMm, stations: plans, ...more }
}

// prettier-ignore
export const BRANCHES: readonly BranchPlan[] = [
  branch([[260, 190], [260, 110]], '沿山支线', [[42, 260, 110, 'E', 92]]),
  branch([[495, 190], [495, 108], [462, 108]], '北环支线', [[1, 462, 108, 'W', 74]]),
  branch([[495, 108], [528, 108]], '北环东支线', [[2, 528, 108, 'E', 50]]),
  branch([[600, 190], [600, 112]], '兴工支线', [[45, 600, 112, 'N', 52]]),
  branch([[715, 190], [715, 104], [800, 104]], '光明支线', [[9, 715, 104, 'W', 70], [23, 800, 104, 'E', 82]]),
  branch([[320, 190], [320, 300]], '人民支线', [[3, 320, 262, 'W', 74], [4, 320, 300, 'E', 70]]),
  branch([[545, 190], [545, 300]], '育才支线', [[5, 545, 262, 'W', 70], [6, 545, 300, 'E', 80]]),
  branch([[690, 190], [690, 318]], '新华支线', [[7, 690, 280, 'W', 56], [8, 690, 318, 'E', 84]]),
  branch([[830, 250], [905, 250]], '东环支线', [[44, 905, 250, 'N', 70]]),
  branch([[830, 330], [905, 330], [905, 372]], '团结支线', [[21, 905, 330, 'N', 56], [22, 905, 372, 'S', 58]]),
  branch([[830, 470], [875, 470]], '跃进支线', [[41, 875, 470, 'E', 64]]),
  branch([[830, 560], [905, 560], [905, 610]], '巴音赛支线', [[30, 905, 560, 'N', 54], [32, 905, 610, 'S', 52]]),
  branch([[830, 400], [620, 400], [620, 560], [430, 560]], '迎宾支线', [
    [24, 770, 400, 'N', 62], [25, 715, 400, 'S', 84], [26, 620, 400, 'W', 118], [27, 620, 486, 'E', 64], [28, 525, 560, 'N', 74],
  ], { tieEnd: true, diameterMm: 250 }),
  branch([[430, 330], [362, 330]], '三道坎支线', [[31, 362, 330, 'S', 52]]),
  branch([[200, 400], [112, 400], [112, 480]], '沿山南支线', [[13, 112, 400, 'N', 96], [14, 112, 480, 'S', 96]]),
  branch([[200, 440], [340, 440]], '三道坎西支线', [[10, 270, 440, 'N', 78], [11, 300, 440, 'S', 94], [12, 340, 440, 'E', 58]]),
  branch([[200, 610], [358, 610]], '建设支线', [[15, 262, 610, 'N', 54], [16, 300, 610, 'S', 84], [17, 358, 610, 'E', 54]]),
  branch([[200, 680], [112, 680], [112, 760]], '五虎山支线', [[18, 112, 680, 'N', 66], [19, 112, 760, 'S', 78]]),
  branch([[430, 690], [386, 690]], '中心支线', [[43, 386, 690, 'W', 46]]),
  branch([[330, 770], [330, 874]], '滨河西支线', [[40, 330, 840, 'E', 84], [20, 330, 874, 'W', 88]]),
  branch([[520, 770], [520, 880]], '黄白茨支线', [[39, 520, 845, 'E', 96], [38, 520, 880, 'W', 96]]),
  branch([[545, 770], [545, 640]], '滨河支线', [[29, 545, 690, 'W', 56], [35, 545, 640, 'W', 70]]),
  branch([[650, 770], [650, 655]], '滨河东支线', [[33, 650, 690, 'E', 80], [34, 650, 655, 'N', 50]]),
  branch([[730, 770], [730, 858]], '河滨支线', [[37, 730, 815, 'W', 64], [36, 730, 858, 'E', 86]]),
].map((plan, i) => ({ id: `b${String(i + 1).padStart(2, '0')}`, ...plan }))

/** Streets of the grid: 街 run west–east at a y, 路 north–south at an x. */
export const AVENUES: readonly (readonly [name: string, y: number])[] = [
  ['北环街', 105],
  ['狮城街', 190],
  ['新华街', 265],
  ['团结街', 330],
  ['迎宾街', 400],
  ['三道坎街', 480],
  ['巴音赛街', 560],
  ['建设街', 615],
  ['五虎山街', 690],
  ['滨河街', 770],
  ['黄白茨街', 860],
]
export const ROADS: readonly (readonly [name: string, x: number])[] = [
  ['沿山路', 112],
  ['解放路', 200],
  ['人民路', 320],
  ['中心路', 430],
  ['育才路', 545],
  ['兴工路', 635],
  ['光明路', 715],
  ['东环路', 830],
  ['跃进路', 905],
]

/** Estates, by station number. */
export const ESTATES: readonly string[] = (
  '幸福里 海华苑 团结新村 锦绣园 阳光花园 育才小区 惠民苑 康居园 北苑小区 三道坎 矿工新村 巴音赛 祥和苑 安泰小区 ' +
  '金裕园 和平里 馨苑 龙泉苑 世纪花园 书香苑 富民小区 华安小区 春晖园 沁园 丽景苑 迎宾小区 绿洲花园 景泰苑 ' +
  '广厦小区 御景苑 西苑小区 东升家园 南苑小区 学府花园 桃园小区 和谐家园 瑞丰园 民生小区 平安里 胜利新村 ' +
  '跃进小区 沿山小区 中心里 东环小区 兴工小区'
).split(' ')

/** Stations that a third party runs, by number. */
export const THIRD_PARTIES: Readonly<Record<number, string>> = {
  8: '恒信物业',
  17: '恒信物业',
  29: '金裕物业',
  36: '金裕物业',
  41: '安居物业',
}

/** Where the three operating departments meet. */
export const AREA_SPLIT: Place = [462, 588]
