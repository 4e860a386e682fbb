import type { FastifyReply } from 'fastify'
import { inSlices } from '../../flows/slices.ts'

/**
 * Sends an object whose lists are long, written a few milliseconds at a time: what a city's network or a full
 * desk takes at once would hold up the devices. A list may be any iterable, reckoned as it is written.
 */
export async function answerLarge(reply: FastifyReply, body: object): Promise<FastifyReply> {
  const pieces = await inSlices(jsonPieces(body))
  return reply.type('application/json; charset=utf-8').send(pieces.join(''))
}

/** The JSON of an object, in pieces of one list entry each. */
export function* jsonPieces(body: object): Generator<string> {
  let before = '{'
  for (const [name, value] of Object.entries(body)) {
    if (value === undefined) continue
    yield `${before}${JSON.stringify(name)}:`
    before = ','
    if (isList(value)) yield* listPieces(value)
    else yield JSON.stringify(value)
  }
  yield before === '{' ? '{}' : '}'
}

function* listPieces(list: Iterable<unknown>): Generator<string> {
  let before = '['
  for (const item of list) {
    yield before + JSON.stringify(item)
    before = ','
  }
  yield before === '[' ? '[]' : ']'
}

function isList(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
}
