import { ROUTES } from '#contract/routes.ts'
import { request, type Answer } from '../base/api/request.ts'
import { dropFiles, keepFile, keptFile } from './pocket.ts'

type Body = Readonly<Record<string, unknown>>

const LOCAL = 'local:'
const FILE_FIELDS = ['attachmentIds', 'evidenceIds'] as const

/** Photos of a body that still lie in the phone. */
export function localFiles(body: Body): readonly string[] {
  return FILE_FIELDS.flatMap((name) => idsOf(body[name])).filter(isLocal)
}

export function isLocal(id: string): boolean {
  return id.startsWith(LOCAL)
}

function idsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

/** Keeps a photo in the phone until it can be sent; undefined when there is no room. */
export async function keepLocal(file: File): Promise<string | undefined> {
  const id = LOCAL + crypto.randomUUID()
  const kept = await keepFile({ id, name: file.name, bytes: file, takenAt: Date.now() })
  return kept ? id : undefined
}

/** Sends one file; `id` is the idempotency key, so that a photo is there once, however often it is sent. */
export async function sendFile(
  file: File,
  id: string = crypto.randomUUID(),
): Promise<Answer<{ id: string }>> {
  const form = new FormData()
  form.append('file', file)
  return request<{ id: string }>(ROUTES.attachments, { method: 'POST', form, idempotencyKey: id })
}

/** The same body with every photo sent; a photo that the phone has lost is left out. */
export async function withSentFiles(body: Body): Promise<Answer<Body>> {
  const sent = new Map<string, string | undefined>()
  for (const id of localFiles(body)) {
    const kept = await keptFile(id)
    if (kept === undefined) {
      sent.set(id, undefined)
      continue
    }
    const type = kept.bytes.type
    const answer = await sendFile(new File([kept.bytes], kept.name, { type }), id.slice(LOCAL.length))
    if (!answer.ok) return answer
    sent.set(id, answer.value.id)
  }
  await dropFiles([...sent.keys()])
  const fields = FILE_FIELDS.filter((name) => Array.isArray(body[name])).map((name) => [
    name,
    idsOf(body[name]).flatMap((id) => (sent.has(id) ? (sent.get(id) ?? []) : [id])),
  ])
  return { ok: true, value: { ...body, ...(Object.fromEntries(fields) as Body) } }
}
