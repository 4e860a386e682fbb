import { ASSET_ID_PATTERN } from '#contract/identity.ts'

type Plain = string | number | boolean

/** How the value of a field may be written in the files of other programs. */
type Form = 'id' | 'text' | 'number' | 'integer' | 'flag' | 'date' | 'word'

const FORMS: Readonly<Record<string, Form>> = {
  id: 'id',
  from: 'id',
  to: 'id',
  onPipe: 'id',
  zone: 'id',
  name: 'text',
  address: 'text',
  managedBy: 'text',
  department: 'text',
  elevationM: 'number',
  holdingPressureMpa: 'number',
  supplyPressureMpa: 'number',
  nominalFlowTh: 'number',
  heatedAreaM2: 'number',
  depthM: 'number',
  lengthM: 'number',
  diameterMm: 'number',
  roughnessMm: 'number',
  households: 'integer',
  covers: 'integer',
  underConstruction: 'flag',
  normallyOpen: 'flag',
  commissionedAt: 'date',
  warrantyUntil: 'date',
  validFrom: 'date',
  validTo: 'date',
  network: 'word',
  class: 'word',
  side: 'word',
}

/** Words of Chinese and English files for our own, by field. */
const WORDS: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  network: [
    [/^(一次|一级|高温)|^primary$|^1$/i, 'primary'],
    [/^(二次|二级|低温)|^secondary$|^2$/i, 'secondary'],
  ],
  class: [
    [/主|干|^trunk$|^main$/i, 'trunk'],
    [/支|户|^branch$|service/i, 'branch'],
  ],
  side: [
    [/双|供回|^both$/i, 'both'],
    [/供|^supply$|^s$/i, 'supply'],
    [/回|^return$|^r$/i, 'return'],
  ],
}

const YES = /^(是|有|常开|开|在建|y|yes|t|true|1)$/i
const NO = /^(否|无|常闭|关|闭|已建|建成|n|no|f|false|0)$/i

/** Empty cells and the marks that people put for them. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || Number.isNaN(value)) return true
  return typeof value === 'string' && /^\s*([-—/\\]|无|空|null|<null>|n\/a)?\s*$/i.test(value)
}

/**
 * A cell in the form that the network file wants: `"3.2"` and `DN400` as numbers, `17` as an id, 2012/10/15
 * as a day, 是 as true. What cannot be understood is given back as it is, for the check to name it.
 */
export function fieldValue(field: string, value: unknown): unknown {
  if (isEmpty(value)) return undefined
  switch (FORMS[field]) {
    case 'id':
      return idOf(plainText(value))
    case 'text':
      return plainText(value)
    case 'number':
      return numberOf(value) ?? value
    case 'integer':
      return roundedOf(numberOf(value)) ?? value
    case 'flag':
      return flagOf(value) ?? value
    case 'date':
      return dateOf(value) ?? value
    case 'word':
      return WORDS[field]?.find(([pattern]) => pattern.test(plainText(value)))?.[1] ?? value
    default:
      return value
  }
}

export function isMeasured(field: string): boolean {
  return FORMS[field] === 'number' || FORMS[field] === 'integer'
}

function plainText(value: unknown): string {
  return (typeof value === 'string' ? value : String(value as Plain)).normalize('NFKC').trim()
}

/** An id with `_` for every character that an id may not have. */
function idOf(text: string): string {
  if (ASSET_ID_PATTERN.test(text)) return text
  const clean = text.replaceAll(/[^\p{L}\p{N}._:#+-]/gu, '_').replace(/^[^\p{L}\p{N}]+/u, '')
  return clean === '' ? text : clean
}

/** 3.2, "3,200", "DN400", "φ426×7" (outer diameter and wall: 412 inside), "0.6 MPa". */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  const text = value.normalize('NFKC').replaceAll(/[\s,]/g, '')
  const tube = /^[φΦØDd]?(\d+(?:\.\d+)?)[x×*](\d+(?:\.\d+)?)(?:mm)?$/i.exec(text)
  if (tube !== null) return Number(tube[1]) - 2 * Number(tube[2])
  const plain = /^(?:DN|[DΦφØ])?(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?:mm|m|米|毫米|㎡|m2|mpa|户|t\/h)?$/i.exec(
    text,
  )
  return plain === null ? undefined : Number(plain[1])
}

function roundedOf(number: number | undefined): number | undefined {
  return number === undefined || Math.abs(number - Math.round(number)) > 1e-6 ? number : Math.round(number)
}

function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  const text = plainText(value)
  if (YES.test(text)) return true
  return NO.test(text) ? false : undefined
}

/** A day as people and programs write it; of a year alone its first day. */
function dateOf(value: unknown): string | undefined {
  const text = plainText(value)
  const written =
    /^(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?)?年?$/.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(text)
  const midnight = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[T ]0{1,2}:00(?::00)?(?:\.0+)?Z?$/.exec(text)
  const [, year, month = '1', day = '1'] = written ?? midnight ?? []
  if (year === undefined) return undefined
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}
