import { Compile } from 'typebox/compile'
import type { TSchema } from 'typebox'
import { ASSET_ID_PATTERN, ID_PATTERN } from '#contract/identity.ts'
import type { LocalizedText } from '#contract/text.ts'
import { NAME_PATTERN, refuseReserved, WRONG_NAME } from '#contract/names.ts'
import { DeviceProperties, PROPERTIES_BY_KIND, type FeatureKind } from '#contract/network.ts'
import type { Refusal } from '#contract/problem.ts'
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
    complain(
      '/properties/devices',
      `${fieldName('devices')}: 应为列表,最多 50 个`,
      'devices is a list of at most 50',
    )
    return checked
  }
  const list = devices.map((device: unknown, i) => {
    const path = `/properties/devices/${i}`
    if (isObject(device)) return checkDevice(device, { path, complain, ignored })
    complain(path, `${fieldName('devices')}: 应为对象`, 'a device is an object')
    return device
  })
  return { ...checked, devices: list }
}

/** Checks the fields of one device and gives back the known ones, as `checkProperties` does. */
export function checkDevice(device: Fields, report: Report): Fields {
  return checkFields(DEVICE_CHECKS, device, report)
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
      if (required) report.complain(path, `缺少${fieldName(field)}`, `${field} is missing`)
      continue
    }
    checked[field] = value
    const wrong =
      (DATES.has(field) ? wrongDate(value) : wrongValue(validator, value)) ??
      (actsBy === undefined ? undefined : saidOf(refuseReserved(String(value))))
    if (wrong !== undefined)
      report.complain(path, `${fieldName(field)}: ${wrong.zh}`, `${field}: ${wrong.en}`)
  }
  for (const field of Object.keys(given)) {
    if (!checks.some((check) => check.field === field)) report.ignored(field)
  }
  return checked
}

function wrongDate(value: unknown): LocalizedText | undefined {
  const good = typeof value === 'string' && instantOfDate(value) !== undefined
  if (good) return undefined
  return {
    zh: '应为日期(2026-02-01)或带时区的时刻(2026-02-01T08:00:00+08:00)',
    en: 'a day (2026-02-01) or an instant with its offset (2026-02-01T08:00:00+08:00) is wanted',
  }
}

const PATTERNS: Readonly<Record<string, LocalizedText>> = {
  [ID_PATTERN.source]: {
    zh: '只能用小写字母、数字、_ 和 -,以字母或数字开头,最长 64 个字符',
    en: 'lower-case letters, digits, _ and - only, beginning with a letter or digit, at most 64',
  },
  [ASSET_ID_PATTERN.source]: {
    zh: '只能用文字、数字和 . _ : # + -,不含空格,最长 64 个字符',
    en: 'letters, digits and . _ : # + - only, no space, at most 64',
  },
  [NAME_PATTERN.source]: WRONG_NAME,
}

/** What a person must know to put it right; undefined when the value is good. */
function wrongValue(validator: FieldCheck['validator'], value: unknown): LocalizedText | undefined {
  if (validator.Check(value)) return undefined
  const [error] = validator.Errors(value)
  if (error === undefined) return NOT_RIGHT
  switch (error.keyword) {
    case 'type':
      return typeName(String(error.params.type))
    case 'enum':
      return oneOf(error.params.allowedValues.map(String))
    case 'pattern':
      return PATTERNS[String(error.params.pattern)] ?? ONLY_LETTERS
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return {
        zh: `应 ${error.params.comparison} ${error.params.limit}`,
        en: `should be ${error.params.comparison} ${error.params.limit}`,
      }
    case 'minLength':
    case 'minItems':
      return { zh: '不能为空', en: 'must not be empty' }
    case 'maxLength':
    case 'maxItems':
      return { zh: `最多 ${error.params.limit} 个`, en: `at most ${error.params.limit}` }
    default:
      return NOT_RIGHT
  }
}

function saidOf(refusal: Refusal | undefined): LocalizedText | undefined {
  return refusal === undefined ? undefined : { zh: refusal.detail, en: refusal.detailEn }
}

const NOT_RIGHT: LocalizedText = { zh: '内容不正确', en: 'is not right' }
const ONLY_LETTERS: LocalizedText = {
  zh: '只能用小写字母、数字和 _,以字母开头',
  en: 'lower-case letters, digits and _ only, beginning with a letter',
}

function oneOf(values: readonly string[]): LocalizedText {
  return { zh: `应为 ${values.join('、')} 之一`, en: `one of ${values.join(', ')} is wanted` }
}

const TYPE_NAMES: Readonly<Record<string, LocalizedText>> = {
  number: { zh: '应为数字(不带引号)', en: 'a number (without quotes) is wanted' },
  integer: { zh: '应为整数', en: 'a whole number is wanted' },
  string: { zh: '应为文字', en: 'text is wanted' },
  boolean: { zh: '应为 true 或 false', en: 'true or false is wanted' },
  array: { zh: '应为列表', en: 'a list is wanted' },
}
function typeName(type: string): LocalizedText {
  return TYPE_NAMES[type] ?? { zh: `应为${type}`, en: `${type} is wanted` }
}
