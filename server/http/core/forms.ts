import multipart from '@fastify/multipart'
import type Type from 'typebox'
import Value from 'typebox/value'
import { refuse, type Refusal } from '#contract/problem.ts'
import { MAX_FILE_BYTES } from '../../domain/network/import/prepare.ts'
import type { Http } from './http.ts'

const MAX_FILES = 50
const MAX_ALL_BYTES = 2 * MAX_FILE_BYTES
const MAX_FIELD_BYTES = 1024 * 1024

/** Takes forms with files in this scope. */
export async function takeForms(scope: Http): Promise<void> {
  await scope.register(multipart, {
    limits: {
      files: MAX_FILES,
      fileSize: MAX_FILE_BYTES,
      fields: 10,
      fieldSize: MAX_FIELD_BYTES,
      headerPairs: 50,
    },
  })
}

interface FormFile {
  readonly name: string
  readonly bytes: Uint8Array
}

export type Parts = AsyncIterable<
  | { readonly type: 'file'; readonly filename: string; readonly toBuffer: () => Promise<Buffer> }
  | { readonly type: 'field'; readonly fieldname: string; readonly value: unknown }
>

interface Form {
  readonly files: readonly FormFile[]
  readonly fields: ReadonlyMap<string, string>
}

/** The files of a form, at least one, and its fields. */
export async function formIn(parts: Parts): Promise<Form | Refusal> {
  const files: FormFile[] = []
  const fields = new Map<string, string>()
  let bytes = 0
  for await (const part of parts) {
    if (part.type === 'field') {
      fields.set(part.fieldname, String(part.value))
      continue
    }
    const content = await part.toBuffer()
    bytes += content.byteLength
    if (bytes > MAX_ALL_BYTES) {
      return refuse('too-large', {
        zh: '文件合计超过 100 MB',
        en: 'the files together are larger than 100 MB',
      })
    }
    files.push({ name: part.filename, bytes: content })
  }
  if (files.length === 0) {
    return refuse('missing-field', { zh: '缺少文件', en: 'the files are missing' }, { missing: ['files'] })
  }
  return { files, fields }
}

/** A form's field: JSON, or for a coordinate system its bare name. */
export function fieldOf<Schema extends Type.TSchema>(
  fields: ReadonlyMap<string, string>,
  name: string,
  schema: Schema,
): Type.Static<Schema> | Refusal | undefined {
  const text = fields.get(name)
  if (text === undefined || text.trim() === '') return undefined
  const value = parsed(text)
  if (Value.Check(schema, value)) return value
  const [error] = Value.Errors(schema, value)
  const where = `${name}${error?.instancePath ?? ''}`
  return refuse('bad-value', {
    zh: `${where} 不正确: ${error?.message ?? ''}`,
    en: `${where} is not right: ${error?.message ?? ''}`,
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
