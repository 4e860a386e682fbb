import type { LayerKind } from '#contract/network-mapping.ts'

type Words = readonly RegExp[]

/** What columns of Chinese and English files are called, the surest words first. */
export const COLUMN_WORDS: Readonly<Record<string, Words>> = {
  from: [
    /^(起点|起始|始点|上游)(井|点|节点|管点)?(编?号|编码|id|点号)?$/,
    /^(from|start)(node|point|id|name)*$/,
    /^(node1|qdh|qddh|qdbh|fnode|upnode|startnodename)$/,
  ],
  to: [
    /^(终点|终止|末点|下游)(井|点|节点|管点)?(编?号|编码|id|点号)?$/,
    /^(to|end)(node|point|id|name)*$/,
    /^(node2|zdh|zddh|zdbh|tnode|dnnode|endnodename)$/,
  ],
  onPipe: [/^(所在|所属)管(线|段|道)(编?号)?$/, /^(onpipe|pipeid)$/],
  id: [
    /^id$/,
    /^(设施|资产|管线|管段|管道|井|站|点|阀门|设备)?(编号|编码|代码|号码)$/,
    /(编号|编码|标识码?|点号|井号|站号|段号)$/,
    /^(code|no|number|ref|gid|uid|assetid|bh|bm)$/,
    /(id|code|no)$/,
  ],
  name: [/^名称$/, /^name$/, /(名称|名字|站名|井名)$/, /^(title|label|mc)$/, /name$/],
  address: [/地址|位置|所在(道路|街道|路)|路名/, /^(address|addr|location|street|road|dz)$/],
  network: [
    /^(一二次|管网)(类型|级别|等级)?$|网络(类型|级别)|一次二次|一\/二次/,
    /^(network|level|networklevel)$/,
  ],
  class: [/干支|管(线|道|段)(等级|级别|类型|性质)|主支/, /^(class|pipeclass|rank|gxlx)$/],
  side: [/供回水?|介质流向|管线性质/, /^(side|supplyreturn|line_?type)$/],
  zone: [/水力分区|分区(编号)?$/, /^zone$/],
  diameterMm: [
    /^(公称)?(管径|直径|口径)/,
    /^(diameter|diametermm|dn|dia|diam|gj|innerdiameter|nominaldiameter|size)$/,
    /管径|直径|diam/,
  ],
  lengthM: [/^(管|管段|管线|实际)?长度?/, /^(length|lengthm|len|cd|gc|shapelength)$/],
  roughnessMm: [/粗糙/, /^rough/],
  depthM: [/(井|埋)?深/, /^(depth|depthm|js)$/],
  elevationM: [/(地面|井口|管顶)?(高程|标高|海拔)/, /^(elevation|elev|elevationm|z|gcz|altitude)$/],
  covers: [/井盖(数量?|个数)/, /^covers$/],
  managedBy: [/(管理|权属|产权|维护)单位/, /^(managedby|owner|operator)$/],
  department: [
    /(责任|运营|管理|所属)?(部门|单位|公司|分公司|营业部|班组|片区)/,
    /^(department|dept|unit|team)$/,
  ],
  commissionedAt: [
    /(建成|投运|竣工|投产|建设|敷设|埋设)(日期|时间|年代|年份|年度)?/,
    /^(commissioned(at)?|built|installdate|installed|buildyear|year|jsnd)$/,
  ],
  warrantyUntil: [/质保|保修/, /^warranty/],
  underConstruction: [/在建|建设状态/, /^underconstruction$/],
  normallyOpen: [/常开|常闭|开关状态|阀门状态/, /^(normallyopen|open|status)$/],
  nominalFlowTh: [/(额定|设计)?流量/, /^(nominalflowth|flow|designflow|demand)$/],
  heatedAreaM2: [/供(热|暖)面积|采暖面积|^面积/, /^(heatedaream2|heatedarea|heatingarea)$/],
  households: [/户数|用户数/, /^(households|users|customers)$/],
  holdingPressureMpa: [/定压/, /^holdingpressure/],
  supplyPressureMpa: [/供水压力/, /^supplypressure/],
  validFrom: [/生效|起始日期/, /^validfrom$/],
  validTo: [/失效|截止日期/, /^validto$/],
  lon: [/^(经度|lon|lng|long|longitude)(gcj.*|wgs.*|bd.*|度)?$/, /经度|longitude|(gcj|wgs|bd).*(lon|lng)/],
  lat: [/^(纬度|lat|latitude)(gcj.*|wgs.*|bd.*|度)?$/, /纬度|latitude|(gcj|wgs|bd).*lat/],
  x: [/^(x|东坐标|横坐标|e|east|easting)$/, /^x(坐标|coord|coordinate|m)?$/, /东坐标|横坐标|coordx/],
  y: [/^(y|北坐标|纵坐标|n|north|northing)$/, /^y(坐标|coord|coordinate|m)?$/, /北坐标|纵坐标|coordy/],
  kind: [
    /^(设施|管点|点|资产|附属物|特征)?(类型|类别|种类)$/,
    /^(kind|type|category|featuretype|assettype|lx)$/,
    /附属物|特征点?/,
  ],
}

/** What layers, files and the values of a type column are called, by what they are here. */
export const KIND_WORDS: readonly (readonly [LayerKind, RegExp])[] = [
  ['area', /区域|片区|辖区|责任区|范围|分区|area|district|zone/i],
  ['station', /换热站|热力站|换热机组|中继站|station|substation|^hrz/i],
  ['source', /热源|锅炉|电厂|热电|首站|source|plant|boiler|reservoir/i],
  ['well', /阀门?井|valve ?(chamber|pit)/i],
  ['valve', /阀|valve|^fm/i],
  [
    'joint',
    /三通|弯头|变径|四通|补偿器|管堵|拐点|接头|直通|多通|焊口|水箱|tank|joint|tee|elbow|reducer|bend/i,
  ],
  ['pipe', /管线|管道|管段|管网|干线|支线|pipe|line|main|^gx/i],
  ['well', /井|人孔|窨|well|manhole|chamber|junction|^js/i],
]

/** A column's name without what people decorate it with: case, spaces, units in brackets. */
export function plainName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[([（【].*?[)\]）】]/g, '')
    .replaceAll(/[\s_\-./:]/g, '')
}
