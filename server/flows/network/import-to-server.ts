import type Type from 'typebox'
import Value from 'typebox/value'
import { DeviceImportAnswer } from '#contract/device-list.ts'
import { FilesAnswer } from '#contract/network-mapping.ts'
import { Problem, PROBLEMS, refuse, type ProblemCode, type Refusal } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import type { DeviceTableOrder } from './import-devices.ts'
import type { Submit } from './import-files.ts'

interface RunningServer {
  readonly url: string
  readonly key: string
}

/** Submits to a running server with the key of this installation, or an engineer's session. */
export function submitToServer(server: RunningServer): Submit {
  return async ({ files, mapping, crs }, { dryRun, replace }) => {
    const form = new FormData()
    if (mapping !== undefined) form.set('mapping', JSON.stringify(mapping))
    if (crs !== undefined) form.set('crs', JSON.stringify(crs))
    for (const { name, bytes } of files) form.append('files', new Blob([Uint8Array.from(bytes)]), name)
    return posted(server, `${ROUTES.networkImports}?dryRun=${dryRun}&replace=${replace}`, form, FilesAnswer)
  }
}

/** The same for a table of devices. */
export function devicesToServer(server: RunningServer) {
  return ({ files: [{ name, bytes }] }: DeviceTableOrder, { dryRun }: { readonly dryRun: boolean }) => {
    const form = new FormData()
    form.set('file', new Blob([Uint8Array.from(bytes)]), name)
    return posted(server, `${ROUTES.devicesImport}?dryRun=${dryRun}`, form, DeviceImportAnswer)
  }
}

async function posted<Schema extends Type.TSchema>(
  server: RunningServer,
  path: string,
  form: FormData,
  schema: Schema,
): Promise<Type.Static<Schema> | Refusal> {
  const reply = await fetch(new URL(path, server.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}` },
    body: form,
  })
  const body: unknown = await reply.json()
  if (reply.ok && Value.Check(schema, body)) return body
  if (!reply.ok && Value.Check(Problem, body)) return refusalFrom(body)
  throw new Error(`the server at ${server.url} answered ${reply.status} with something else than an import`)
}

function refusalFrom({ code, title, detail = title, detailEn = detail, groups, errors }: Problem): Refusal {
  const known = isProblemCode(code) ? code : 'unavailable'
  return refuse(
    known,
    { zh: detail, en: detailEn },
    { ...(groups === undefined ? {} : { groups }), ...(errors === undefined ? {} : { errors }) },
  )
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code)
}
