/** What a field is called in a message beside its own name. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  kind: '类别',
  id: '编号',
  name: '名称',
  network: '网络(一次/二次)',
  zone: '水力分区',
  address: '地址',
  elevationM: '高程',
  managedBy: '管理单位',
  underConstruction: '在建',
  commissionedAt: '投运日期',
  warrantyUntil: '质保期止',
  holdingPressureMpa: '定压压力',
  supplyPressureMpa: '供水压力',
  nominalFlowTh: '额定流量',
  heatedAreaM2: '供热面积',
  households: '户数',
  depthM: '井深',
  onPipe: '所在管线',
  covers: '井盖数',
  normallyOpen: '常开',
  from: '起点',
  to: '终点',
  class: '主干/支线',
  side: '供水/回水',
  lengthM: '长度',
  diameterMm: '管径',
  roughnessMm: '粗糙度',
  department: '责任部门',
  validFrom: '生效时间',
  validTo: '失效时间',
  devices: '设备',
  signals: '信号',
  intervalS: '上报间隔',
  power: '供电方式',
  pipe: '所测管线',
  installedTiltDeg: '安装倾角',
}

export function fieldName(field: string): string {
  const name = FIELD_NAMES[field]
  return name === undefined ? field : `${name} ${field}`
}
