import type { FastifySchemaValidationError } from 'fastify'
import { refuse, type Refusal } from '#contract/problem.ts'
import { NAME_PATTERN, WRONG_NAME } from '#contract/names.ts'
import type { LocalizedText } from '#contract/text.ts'

type Found = readonly FastifySchemaValidationError[]

/** What a JSON schema has against a body that a person fills in: a 422 that names what is missing, else a 400. */
export function refuseBody(found: Found, clause?: string): Refusal {
  const missing = found.flatMap(missingIn)
  if (missing.length === 0) return refuseShape(found)
  const more = clause === undefined ? { missing } : { missing, clause }
  return refuse('missing-field', fillIn(missing), more)
}

/** The same of a request that only a program can get wrong: a 400. */
export function refuseShape(found: Found): Refusal {
  const missing = found.flatMap(missingIn)
  if (missing.length > 0) return refuse('bad-request', fillIn(missing), { missing })
  const [error] = found
  return refuse(
    'bad-request',
    error === undefined ? { zh: '请求格式不正确', en: 'malformed request' } : sentenceOf(error),
  )
}

function fillIn(missing: readonly string[]): LocalizedText {
  const names = missing.join(', ')
  return { zh: `须填写: ${names}`, en: `fill in: ${names}` }
}

/** An empty text or list where something is asked for is as good as none. */
function missingIn({ keyword, params, instancePath }: FastifySchemaValidationError): readonly string[] {
  if (keyword === 'required') return [String(params['missingProperty'])]
  const isEmpty = (keyword === 'minLength' || keyword === 'minItems') && params['limit'] === 1
  return isEmpty ? [nameOf(instancePath)] : []
}

const TYPES: Readonly<Record<string, LocalizedText>> = {
  string: { zh: '文本', en: 'text' },
  integer: { zh: '整数', en: 'a whole number' },
  number: { zh: '数字', en: 'a number' },
  boolean: { zh: '是或否', en: 'true or false' },
  array: { zh: '列表', en: 'a list' },
  object: { zh: '对象', en: 'an object' },
}

function sentenceOf({ keyword, params, instancePath }: FastifySchemaValidationError): LocalizedText {
  const name = nameOf(instancePath)
  const limit = String(params['limit'])
  switch (keyword) {
    case 'additionalProperties': {
      const strange = String(params['additionalProperty'])
      return { zh: `没有字段 ${strange}`, en: `there is no field ${strange}` }
    }
    case 'format':
      return wrongInstant(name)
    case 'type': {
      const type = TYPES[String(params['type'])]
      return type === undefined
        ? { zh: `${name} 类型不正确`, en: `${name} has the wrong type` }
        : { zh: `${name} 应为${type.zh}`, en: `${name} must be ${type.en}` }
    }
    case 'enum': {
      const values = (params['allowedValues'] as readonly unknown[]).join(', ')
      return { zh: `${name} 只能是: ${values}`, en: `${name} must be one of: ${values}` }
    }
    case 'maxLength':
      return { zh: `${name} 最长 ${limit} 个字符`, en: `${name} has ${limit} characters at most` }
    case 'maxItems':
      return { zh: `${name} 最多 ${limit} 项`, en: `${name} has ${limit} entries at most` }
    case 'minimum':
      return { zh: `${name} 不能小于 ${limit}`, en: `${name} must be ${limit} or more` }
    case 'maximum':
      return { zh: `${name} 不能大于 ${limit}`, en: `${name} must be ${limit} or less` }
    case 'pattern':
      return params['pattern'] === NAME_PATTERN.source
        ? { zh: `${name} ${WRONG_NAME.zh}`, en: `${name} ${WRONG_NAME.en}` }
        : { zh: `${name} 格式不正确`, en: `${name} is malformed` }
    default:
      return { zh: `${name} 内容不正确`, en: `${name} is not valid` }
  }
}

/** What is said wherever a text is no instant, be it in a body or a query. */
export function wrongInstant(name: string): LocalizedText {
  return {
    zh: `${name} 须为带时区的时间,在 2000 至 2100 年之间`,
    en: `${name} must be a time with its offset, in the years 2000 to 2100`,
  }
}

/** `/parts/0/memberId` as a person reads it; the whole body has no name of its own. */
function nameOf(instancePath: string): string {
  return instancePath === '' ? 'body' : instancePath.slice(1).replaceAll('/', '.')
}
