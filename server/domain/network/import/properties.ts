import { Compile } from 'typebox/compile'
import type { TSchema } from 'typebox'
import { ASSET_ID_PATTERN, ID_PATTERN } from '#contract/identity.ts'
import { NAME_PATTERN, refuseReserved, WRONG_NAME } from '#contract/names.ts'
import { DeviceProperties, PROPERTIES_BY_KIND, type FeatureKind } from '#contract/network.ts'
import { instantOfDate } from '../dates.ts'
import { fieldName } from './field-names.ts'
import type { Complain } from './mistake.ts'

type Fields = Readonly<Record<string, unknown>>
interface FieldCheck {
  readonly field: string
  readonly required: boolean
  readonly validator: ReturnType<typeof Compile>
  /** The audit and the journal know somebody by this value. */
  readonly actsBy?: true
}

const DATES: ReadonlySet<string> = new Set(['commissionedAt', 'warrantyUntil', 'validFrom', 'validTo'])

/** Each field has its own validator, so that one bad field never hides the next. */
function checksOf(
  schema: { properties: Readonly<Record<string, TSchema>>; required?: readonly string[] },
  actor?: string,
) {
  return Object.entries(schema.properties).map(([field, of]): FieldCheck => ({
    field,
    required: schema.required?.includes(field) ?? false,
    validator: Compile(of),
    ...(field === actor ? { actsBy: true } : {}),
  }))
}

const CHECKS: Readonly<Record<FeatureKind, readonly FieldCheck[]>> = {
  source: checksOf(PROPERTIES_BY_KIND.source),
  station: checksOf(PROPERTIES_BY_KIND.station),
  well: checksOf(PROPERTIES_BY_KIND.well),
  valve: checksOf(PROPERTIES_BY_KIND.valve),
  pipe: checksOf(PROPERTIES_BY_KIND.pipe),
  area: checksOf(PROPERTIES_BY_KIND.area, 'department'),
}
const DEVICE_CHECKS = checksOf(DeviceProperties, 'id')

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Checks the properties of one feature field by field and gives back the known ones. `null` means
 * absent, as GIS exports write it; an unknown field is left out and reported to `ignored`.
 */
export function checkProperties(
  kind: FeatureKind,
  properties: Fields,
  complain: Complain,
  ignored: (field: string) => void,
): Fields {
  const { devices, ...rest } = properties
  const checked = checkFields(CHECKS[kind], rest, { path: '/properties', complain, ignored })
  if (devices === undefined || devices === null) return checked
  if (kind === 'pipe' || kind === 'area') {
    ignored('devices')
    return checked
  }
  if (!Array.isArray(devices) || devices.length > 50) {
    complain('/properties/devices', `${fieldName('devices')}: 应为列表,最多 50 个`)
    return checked
  }
  const list = devices.map((device: unknown, i) => {
    const path = `/properties/devices/${i}`
    if (isObject(device)) return checkFields(DEVICE_CHECKS, device, { path, complain, ignored })
    complain(path, `${fieldName('devices')}: 应为对象`)
    return device
  })
  return { ...checked, devices: list }
}

interface Report {
  readonly path: string
  readonly complain: Complain
  readonly ignored: (field: string) => void
}

function checkFields(checks: readonly FieldCheck[], given: Fields, report: Report): Fields {
  const checked: Record<string, unknown> = {}
  for (const { field, required, validator, actsBy } of checks) {
    const value = Object.hasOwn(given, field) ? given[field] : undefined
    const path = `${report.path}/${field}`
    if (value === undefined || value === null) {
      if (required) report.complain(path, `缺少${fieldName(field)}`)
      continue
    }
    checked[field] = value
    const wrong =
      (DATES.has(field) ? wrongDate(value) : wrongValue(validator, value)) ??
      (actsBy === undefined ? undefined : refuseReserved(String(value))?.detail)
    if (wrong !== undefined) report.complain(path, `${fieldName(field)}: ${wrong}`)
  }
  for (const field of Object.keys(given)) {
    if (!checks.some((check) => check.field === field)) report.ignored(field)
  }
  return checked
}

function wrongDate(value: unknown): string | undefined {
  const good = typeof value === 'string' && instantOfDate(value) !== undefined
  return good ? undefined : '应为日期(2026-02-01)或带时区的时刻(2026-02-01T08:00:00+08:00)'
}

const PATTERNS: Readonly<Record<string, string>> = {
  [ID_PATTERN.source]: '只能用小写字母、数字、_ 和 -,以字母或数字开头,最长 64 个字符',
  [ASSET_ID_PATTERN.source]: '只能用文字、数字和 . _ : # + -,不含空格,最长 64 个字符',
  [NAME_PATTERN.source]: WRONG_NAME.zh,
}

/** What a person must know to put it right; undefined when the value is good. */
function wrongValue(validator: FieldCheck['validator'], value: unknown): string | undefined {
  if (validator.Check(value)) return undefined
  const [error] = validator.Errors(value)
  if (error === undefined) return '内容不正确'
  switch (error.keyword) {
    case 'type':
      return `应为${typeName(String(error.params.type))}`
    case 'enum':
      return `应为 ${error.params.allowedValues.map(String).join('、')} 之一`
    case 'pattern':
      return PATTERNS[String(error.params.pattern)] ?? '只能用小写字母、数字和 _,以字母开头'
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `应 ${error.params.comparison} ${error.params.limit}`
    case 'minLength':
    case 'minItems':
      return '不能为空'
    case 'maxLength':
    case 'maxItems':
      return `最多 ${error.params.limit} 个`
    default:
      return '内容不正确'
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  number: '数字(不带引号)',
  integer: '整数',
  string: '文字',
  boolean: 'true 或 false',
  array: '列表',
}
function typeName(type: string): string {
  return TYPE_NAMES[type] ?? type
}
