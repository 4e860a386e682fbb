import { refuse, type Refusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import { refuseUnless } from '../../domain/access/can.ts'
import { cleanPhoto } from '../../domain/ticket/photo/clean.ts'
import { sniffType } from '../../domain/ticket/sniff-type.ts'
import { DAY, type Instant } from '../../domain/instant.ts'
import { decideTogether } from '../decisions/decide-together.ts'
import type { Attachment, Services, OnceKey } from '../decisions/decisions.ts'

const MIB = 1024 * 1024
export const MAX_BYTES = 10 * MIB
/** A crew's day of photos many times over; a stolen account fills no disk with it. */
const MAX_BYTES_A_DAY = 1024 * MIB

/** Where the bytes of attachments lie, by id alone: a file's own name never reaches the disk. */
export interface FileKeeper {
  write(id: string, bytes: Uint8Array): Promise<void>
  read(id: string): Promise<Uint8Array | undefined>
  /** Ids of files that were last written before `before`. */
  olderThan(before: Instant): Promise<readonly string[]>
  readonly maxBytes: number
  remove(id: string): Promise<void>
}

const NO_PHOTO = {
  broken: { zh: '图片已损坏或不完整', en: 'the picture is damaged or not whole' },
  huge: { zh: '图片尺寸过大', en: 'the picture is too large' },
  unknown: {
    zh: 'HEIC 照片含有拍摄地点,无法去除,请改存为 JPEG 后上传',
    en: 'a HEIC photo holds where it was taken, which cannot be removed; save it as JPEG',
  },
} as const

/** A photo or document of a ticket or notice. What it is, its first bytes say, not its sender. */
export async function keepAttachment(
  services: Services,
  files: FileKeeper,
  asked: { readonly name: string; readonly bytes: Uint8Array; readonly actor: Person },
  once?: OnceKey,
): Promise<{ readonly id: string } | Refusal> {
  const { actor } = asked
  const noRight = refuseUnless(actor, 'attach')
  if (noRight !== undefined) return noRight
  if (asked.bytes.length === 0) return refuse('bad-value', { zh: '文件是空的', en: 'the file is empty' })
  if (asked.bytes.length > MAX_BYTES)
    return refuse('too-large', { zh: '文件超过 10 MB', en: 'the file is larger than 10 MB' })
  const type = sniffType(asked.bytes)
  const bytes = cleanPhoto(asked.bytes, type)
  if (typeof bytes === 'string') return refuse('bad-value', NO_PHOTO[bytes])
  const attachment: Attachment = {
    id: services.newId(),
    name: printable(asked.name),
    type,
    bytes: bytes.length,
    personId: actor.id,
    createdAt: services.clock.now(),
  }
  const full = await refuseFull(services, files, attachment)
  if (full !== undefined) return full
  // The bytes first: a row without its file would be evidence that does not exist.
  await files.write(attachment.id, bytes)
  const done = await decideTogether(
    services,
    async ({ repositories }) => {
      await repositories.attachments.save(attachment)
      return { id: attachment.id }
    },
    once,
  ).catch(async (error: unknown) => {
    await files.remove(attachment.id)
    throw error
  })
  if (!('id' in done) || done.id !== attachment.id) await files.remove(attachment.id)
  return done
}

async function refuseFull(
  { store }: Services,
  { maxBytes }: FileKeeper,
  { personId, bytes, createdAt }: Attachment,
): Promise<Refusal | undefined> {
  const since = createdAt - DAY
  if ((await store.read.attachments.bytes({ personId, since })) + bytes > MAX_BYTES_A_DAY)
    return refuse('too-many-requests', {
      zh: '您在 24 小时内上传的附件已达 1 GB 上限,请稍后再传',
      en: 'you have uploaded 1 GB of attachments within 24 hours, which is the limit; try again later',
    })
  if ((await store.read.attachments.bytes()) + bytes > maxBytes)
    return refuse('unavailable', {
      zh: '附件空间已满,未能保存,请联系管理员',
      en: 'the room for attachments is full, nothing was kept; tell an administrator',
    })
  return undefined
}

/** A name to show and to download under: no path, no control characters, not endless. */
function printable(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? ''
  const clean = last.replaceAll(/[\p{Cc}\p{Cf}"]/gu, '').trim()
  return clean === '' ? 'file' : [...clean].slice(0, 100).join('')
}

export async function readAttachment(
  services: Services,
  files: FileKeeper,
  id: string,
): Promise<{ readonly attachment: Attachment; readonly bytes: Uint8Array } | Refusal> {
  const attachment = await services.store.read.attachments.load(id)
  const bytes = attachment === undefined ? undefined : await files.read(attachment.id)
  if (attachment === undefined || bytes === undefined)
    return refuse('not-found', { zh: '没有这个附件', en: 'there is no such attachment' })
  return { attachment, bytes }
}
