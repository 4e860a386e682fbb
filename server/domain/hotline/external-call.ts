import { isBlank } from '#contract/names.ts'
import type { CallRequest } from '#contract/hotline.ts'
import { refuse, type Refusal } from '#contract/problem.ts'
import { CALL_SOURCES, CONTACT_KINDS, TICKET_KINDS, type TicketKind } from '#contract/vocabulary.ts'
import { instantText, parseInstant } from '../instant.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'

/** One line of another call centre's list, its columns already under our names. */
export type ExternalLine = Readonly<Record<string, unknown>>

/** Columns as that system writes them, under the name of the call's field (A34). */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  externalNumber: ['externalnumber', 'number', '工单编号', '工单号', '编号', '流水号', '受理编号'],
  kind: ['kind', '类别', '问题类别', '工单类别', '报修类别', '事件类型'],
  contact: ['contact', '诉求类型', '来电性质', '服务类型'],
  source: ['source', '来源', '受理渠道', '渠道'],
  receivedAt: ['receivedat', '受理时间', '来电时间', '接听时间', '登记时间'],
  address: ['address', '地址', '详细地址', '用户地址', '事发地址'],
  assetId: ['assetid', '设施编号', '井号'],
  lon: ['lon', '经度'],
  lat: ['lat', '纬度'],
  callerName: ['callername', '姓名', '联系人', '用户姓名', '反映人'],
  callerPhone: ['callerphone', 'phone', '电话', '联系电话', '来电号码', '手机号'],
  beganAt: ['beganat', '发生时间', '险情时间'],
  scene: ['scene', '现场情况', '险情描述'],
  description: ['description', '内容', '反映内容', '问题描述', '工单内容'],
  hot: ['hot', '热点', '热点难点'],
}
const FIELD_OF = new Map(
  Object.entries(COLUMNS).flatMap(([field, names]) => names.map((name) => [name, field] as const)),
)

/** Words for kinds beside the policy's own names and our keys; the first that occurs counts. */
const KIND_WORDS: readonly (readonly [TicketKind, RegExp])[] = [
  ['cover', /井盖/],
  ['well_vent', /冒[汽气水]|井.*(漏|塌|渗)/],
  ['primary_leak', /(一次|主|支|干).*(漏|爆)/],
  ['hes_secondary', /换热站|二次/],
  ['indoor_leak', /(室内|户内|暖气|家中).*漏/],
  ['not_hot', /不热|温度(低|不达标)|室温/],
  ['consult', /咨询/],
  ['complaint', /投诉/],
  ['help_other', /求助|其他|其它/],
]
const SOURCE_WORDS = { phone: /电/, visit: /访/, letter: /信/, web: /网|微信|APP/i, transferred: /转|12345/ }
const CONTACT_WORDS = { consult: /咨询/, help: /求助|报修|报险/, complaint: /投诉/ }

/** Our field for a column's heading; undefined for one that we do not know. */
export function fieldOfColumn(heading: string): string | undefined {
  return FIELD_OF.get(heading.replaceAll(/[\s*:：()（）]/g, '').toLowerCase())
}

/**
 * A line of the other system as a call of ours. What an emergency must say and that system did not ask is
 * noted as unknown, so that no report is lost for it; address, telephone and number stay mandatory.
 */
export function readExternalLine(line: ExternalLine, policy: PolicyPack): CallRequest | Refusal {
  const text = (field: string): string | undefined => {
    const value = line[field]
    const said = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''
    return isBlank(said) ? undefined : said
  }
  const missing = ['externalNumber', 'kind'].filter((field) => text(field) === undefined)
  if (missing.length > 0)
    return refuse(
      'missing-field',
      { zh: `缺少: ${missing.join(', ')}`, en: `missing: ${missing.join(', ')}` },
      { missing },
    )
  const kind = kindOf(text('kind') ?? '', policy)
  if (kind === undefined)
    return refuse('bad-value', {
      zh: `不认识的类别: ${text('kind') ?? ''}`,
      en: `unknown kind: ${text('kind') ?? ''}`,
    })
  const request: Record<string, unknown> = { kind }
  for (const field of ['externalNumber', 'address', 'assetId', 'callerName', 'callerPhone']) {
    request[field] = text(field)
  }
  for (const field of ['receivedAt', 'beganAt']) {
    const said = text(field)
    const at = said === undefined ? undefined : readTime(said)
    if (said !== undefined && at === undefined)
      return refuse('bad-time', { zh: `${field} 不是时间: ${said}`, en: `${field} is no time: ${said}` })
    request[field] = at
  }
  for (const field of ['scene', 'description']) request[field] = text(field)
  request['source'] = wordOf(text('source'), CALL_SOURCES, SOURCE_WORDS) ?? 'transferred'
  if (kind !== 'consult' && kind !== 'complaint') {
    request['contact'] = wordOf(text('contact'), CONTACT_KINDS, CONTACT_WORDS)
  }
  const asked = policy.kinds[kind].intake
  if (asked.includes('began') && request['beganAt'] === undefined) request['beganUnknown'] = NOT_ASKED
  if (asked.includes('scene') && request['scene'] === undefined) {
    if (request['description'] === undefined) request['sceneUnknown'] = NOT_ASKED
    else request['scene'] = String(request['description']).slice(0, 2000)
  }
  const [lon, lat] = [Number(text('lon')), Number(text('lat'))]
  if (Math.abs(lon) <= 180 && Math.abs(lat) <= 90) request['position'] = [lon, lat]
  if (/^(是|true|1|y|yes)$/i.test(text('hot') ?? '') || line['hot'] === true) request['hot'] = true
  const said = Object.entries(request).filter(([, value]) => value !== undefined)
  return { kind, ...Object.fromEntries(said) }
}

const NOT_ASKED = '外部系统来件未注明'

function kindOf(text: string, policy: PolicyPack): TicketKind | undefined {
  const exact = TICKET_KINDS.find((kind) => kind === text || policy.kinds[kind].name.zh === text)
  return exact ?? KIND_WORDS.find(([, words]) => words.test(text))?.[0]
}

function wordOf<Word extends string>(
  text: string | undefined,
  words: readonly Word[],
  patterns: Readonly<Record<Word, RegExp>>,
): Word | undefined {
  if (text === undefined) return undefined
  return words.find((word) => word === text) ?? words.find((word) => patterns[word].test(text))
}

const LOCAL = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?$/

/** ISO 8601 with offset, or local time as spreadsheets write it: `2026/1/15 8:05`. */
function readTime(text: string): string | undefined {
  const exact = parseInstant(text)
  if (exact !== undefined) return instantText(exact)
  const [, year, month = '', day = '', hour = '', minute = '', second = '00'] = LOCAL.exec(text) ?? []
  if (year === undefined) return undefined
  const two = (part: string): string => part.padStart(2, '0')
  const iso = `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}+08:00`
  const at = parseInstant(iso)
  // 31 February would silently become 3 March.
  return at !== undefined && instantText(at) === iso ? iso : undefined
}
