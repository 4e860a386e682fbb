import jsonata from 'jsonata'
import type { Encoding } from '#contract/profiles.ts'
import { bytesOf, integerIn, readForeignBody } from '../domain/translation/foreign-body.ts'
import { readTranslation, type Translation } from '../domain/translation/read-translation.ts'
import { ourValues } from '../domain/translation/signal-words.ts'
import { inOurUnit } from '../domain/translation/units.ts'
import type { ForeignMessage } from '../flows/foreign/translate.ts'
import { saidOfBody, saidOfError } from './words.ts'

/** One message may keep an expression busy so long, ms, nest so deep and make lists so long. */
const LIMITS = { timeout: 200, stack: 300, sequence: 20_000 }
/** Of an expression's result, keys and text together: a message of ours has 64 KiB. */
const MAX_RESULT_CHARS = 256 * 1024
const MAX_COMPILED = 100

type Compiled = ReturnType<typeof jsonata>
const compiled = new Map<string, Compiled>()

/** Compiles an expression, or says what is wrong with it. @throws the library's error */
export function compile(expression: string): Compiled {
  const known = compiled.get(expression)
  if (known !== undefined) return known
  const made = jsonata(expression, LIMITS)
  addFunctions(made)
  if (compiled.size >= MAX_COMPILED) compiled.clear()
  compiled.set(expression, made)
  return made
}

/** Runs an expression over one message. Whatever a stranger wrote into either, the answer is a value. */
export async function runExpression(
  { encoding, expression }: { readonly encoding: Encoding; readonly expression: string },
  { topic, bytes, receivedAt }: ForeignMessage,
): Promise<Translation> {
  const body = readForeignBody(encoding, bytes)
  if (!body.ok) return { kind: 'not-understood', said: saidOfBody(body.reason) }
  try {
    const given: unknown = await compile(expression).evaluate({ topic, body: body.value, receivedAt })
    measure(given)
    return readTranslation(given)
  } catch (error) {
    return { kind: 'not-understood', said: saidOfError(error) }
  }
}

/** What an expression may use beside JSONata's own: bytes of frames, units, and names of signals. */
function addFunctions(expression: Compiled): void {
  expression.registerFunction('bytes', (text: string) => bytesOf(text), '<s?:a<n>>')
  expression.registerFunction('text', (base64: string) => textOf(base64), '<s?:s>')
  expression.registerFunction('json', (text: string) => jsonOf(text), '<s?:x>')
  for (const [name, signed, little] of INTEGERS)
    expression.registerFunction(
      name,
      (bytes: number[], from: number, length: number) => integerIn(bytes, { from, length, signed, little }),
      '<a<n>nn:n>',
    )
  expression.registerFunction('unit', inOurUnit, '<ns:n>')
  expression.registerFunction('signals', (values: Record<string, unknown>) => ourValues(values), '<o:o>')
}

const INTEGERS = [
  ['uint', false, false],
  ['int', true, false],
  ['uintLE', false, true],
  ['intLE', true, true],
] as const

function textOf(base64: string): string | undefined {
  const bytes = bytesOf(base64, 'base64')
  return bytes === undefined ? undefined : new TextDecoder().decode(Uint8Array.from(bytes))
}

/** Undefined for text that is no JSON: the expression decides what that means. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** @throws TooLarge as soon as the result is beyond what a message may be, without walking through all of it */
function measure(given: unknown): void {
  let left = MAX_RESULT_CHARS
  const walk = (value: unknown, depth: number): void => {
    left -= typeof value === 'string' ? value.length : 8
    if (left < 0 || depth > 64) throw new TooLarge()
    if (Array.isArray(value)) for (const item of value) walk(item, depth + 1)
    else if (typeof value === 'object' && value !== null)
      for (const [key, item] of Object.entries(value)) {
        left -= key.length
        walk(item, depth + 1)
      }
  }
  walk(given, 0)
}

class TooLarge extends Error {
  override readonly name = 'TooLarge'
}
