import Value from 'typebox/value'
import { FilesAnswer } from '#contract/network-mapping.ts'
import { Problem, PROBLEMS, refuse, type ProblemCode, type Refusal } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import type { Submit } from './import-files.ts'

/** Submits to a running server with the key of this installation, or an engineer's session. */
export function submitToServer(server: { readonly url: string; readonly key: string }): Submit {
  return async ({ files, mapping, crs }, { dryRun, replace }) => {
    const url = new URL(`${ROUTES.networkImports}?dryRun=${dryRun}&replace=${replace}`, server.url)
    const form = new FormData()
    if (mapping !== undefined) form.set('mapping', JSON.stringify(mapping))
    if (crs !== undefined) form.set('crs', JSON.stringify(crs))
    for (const { name, bytes } of files) form.append('files', new Blob([Uint8Array.from(bytes)]), name)
    const reply = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.key}` },
      body: form,
    })
    const body: unknown = await reply.json()
    if (reply.ok && Value.Check(FilesAnswer, body)) return body
    if (!reply.ok && Value.Check(Problem, body)) return refusalFrom(body)
    throw new Error(`the server at ${server.url} answered ${reply.status} with something else than an import`)
  }
}

function refusalFrom({ code, title, detail = title, detailEn = detail, groups }: Problem): Refusal {
  const known = isProblemCode(code) ? code : 'unavailable'
  return refuse(known, { zh: detail, en: detailEn }, groups === undefined ? {} : { groups })
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code)
}
