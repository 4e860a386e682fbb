import Value from 'typebox/value'
import { ImportAnswer } from '#contract/network.ts'
import { Problem, PROBLEMS, refuse, type ProblemCode, type Refusal } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import type { Submit } from './import-files.ts'

/** Submits to a running server with the key of this installation, or an engineer's session. */
export function submitToServer(server: { readonly url: string; readonly key: string }): Submit {
  return async (bytes, { dryRun, replace }) => {
    const url = new URL(`${ROUTES.networkImports}?dryRun=${dryRun}&replace=${replace}`, server.url)
    const reply = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/geo+json' },
      body: Uint8Array.from(bytes),
    })
    const body: unknown = await reply.json()
    if (reply.ok && Value.Check(ImportAnswer, body)) return body
    if (!reply.ok && Value.Check(Problem, body)) return refusalFrom(body)
    throw new Error(`the server at ${server.url} answered ${reply.status} with something else than an import`)
  }
}

function refusalFrom({ code, title, detail = title, detailEn = detail, errors }: Problem): Refusal {
  const known = isProblemCode(code) ? code : 'unavailable'
  return refuse(known, { zh: detail, en: detailEn }, errors === undefined ? {} : { errors })
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code)
}
