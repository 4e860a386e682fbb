import multipart from '@fastify/multipart'
import Type from 'typebox'
import { isRefusal, refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { refuseUnless } from '../../domain/access/can.ts'
import { SHOWN_TYPES } from '../../domain/ticket/sniff-type.ts'
import type { Services } from '../../flows/decisions/decisions.ts'
import {
  keepAttachment,
  MAX_BYTES,
  readAttachment,
  type FileKeeper,
} from '../../flows/ticket/keep-attachment.ts'
import { actorOf, answer, type Http } from '../core/http.ts'
import { ProblemError } from '../core/problem-error.ts'
import { onceOf } from '../core/once.ts'

/** `POST /attachments` (multipart, field `file`) and the file again by id. */
export function attachmentRoutes(services: Services, files: FileKeeper): (http: Http) => Promise<void> {
  return async (http) => {
    await http.register(multipart, {
      limits: { files: 1, fileSize: MAX_BYTES, fields: 10, fieldSize: 10_000, parts: 11, headerPairs: 50 },
    })
    http.post(ROUTES.attachments, { bodyLimit: MAX_BYTES + 64 * 1024 }, async (request, reply) => {
      const actor = actorOf(request)
      const noRight = refuseUnless(actor, 'attach')
      if (noRight !== undefined) return answer(reply, noRight)
      if (!request.isMultipart())
        return answer(
          reply,
          refuse('bad-request', {
            zh: '须以 multipart 上传,字段 file',
            en: 'upload it as multipart, in the field file',
          }),
        )
      const part = await request.file().catch(refuseUnreadable)
      if (part === undefined || part.fieldname !== 'file') {
        return answer(
          reply,
          refuse('missing-field', { zh: '缺少文件', en: 'the file is missing' }, { missing: ['file'] }),
        )
      }
      const bytes = await part.toBuffer().catch(refuseUnreadable)
      const once = onceOf(request, bytes)
      if (isRefusal(once)) return answer(reply, once)
      const kept = await keepAttachment(services, files, { name: part.filename, bytes, actor }, once)
      return answer(reply, kept, 201)
    })

    const one = { schema: { params: Type.Object({ id: Type.String({ pattern: '^[0-9a-z-]{1,64}$' }) }) } }
    http.get(`${ROUTES.attachments}/:id`, one, async (request, reply) => {
      actorOf(request)
      const found = await readAttachment(services, files, request.params.id)
      if (isRefusal(found)) return answer(reply, found)
      const { name, type } = found.attachment
      const shown = SHOWN_TYPES.some((each) => each === type)
      return (
        reply
          .type(type)
          .header('x-content-type-options', 'nosniff')
          // Opened by itself, a file is nobody's page: no script, no form, no origin of ours.
          .header('content-security-policy', "default-src 'none'; sandbox")
          .header('cache-control', 'private, max-age=3600')
          .header(
            'content-disposition',
            `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(name)}`,
          )
          .send(Buffer.from(found.bytes))
      )
    })
  }
}

/** What is no form, or ends in the middle of one, is the sender's mistake. */
function refuseUnreadable(error: { readonly statusCode?: number }): never {
  if (error.statusCode !== undefined) throw error
  throw new ProblemError(
    refuse('bad-request', {
      zh: '上传内容不完整或无法读取',
      en: 'what was uploaded is not whole or cannot be read',
    }),
  )
}
