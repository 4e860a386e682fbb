import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'

export const MANIFEST = 'manifest.json'

/** What a backup holds, file by file, and what must be in it after a restore. */
export const Manifest = Type.Object({
  format: Type.Literal(1),
  version: Type.String(),
  createdAt: Type.String(),
  seconds: Type.Number(),
  files: Type.Array(
    Type.Object({
      path: Type.String(),
      bytes: Type.Integer(),
      sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    }),
  ),
  /** Migrations of the store of decisions. */
  schema: Type.Array(Type.String()),
  /** Rows by table of the store of decisions. */
  rows: Type.Record(Type.String(), Type.Integer()),
  /** Tickets with a next deadline, and a digest of which and when. */
  deadlines: Type.Object({ count: Type.Integer(), sha256: Type.String() }),
  journal: Type.Object({ records: Type.Integer() }),
})
export type Manifest = Static<typeof Manifest>

/** The folder is no backup, or an incomplete one. */
export class BadBackup extends Error {
  override readonly name = 'BadBackup'
}

export async function readManifest(dir: string): Promise<Manifest> {
  const text = await readFile(join(dir, MANIFEST), 'utf8').catch(() => undefined)
  if (text === undefined) throw new BadBackup(`${dir} holds no backup: there is no ${MANIFEST}`)
  let manifest: unknown
  try {
    manifest = JSON.parse(text)
  } catch (error) {
    throw new BadBackup(`${dir}: ${MANIFEST} cannot be read`, { cause: error })
  }
  if (!Value.Check(Manifest, manifest))
    throw new BadBackup(`${dir}: ${MANIFEST} is of another kind or version`)
  return manifest
}

/** Every file below, with its size and hash, in the order of their names. */
export async function listFiles(dir: string): Promise<Manifest['files']> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .filter((path) => path !== MANIFEST)
    .sort()
  const files: Manifest['files'] = []
  for (const path of paths) {
    const { size } = await stat(join(dir, path))
    files.push({ path, bytes: size, sha256: await hashFile(join(dir, path)) })
  }
  return files
}

/** @throws BadBackup naming the first files that are missing, changed or too many */
export async function checkFiles(dir: string, manifest: Manifest): Promise<void> {
  const found = new Map((await listFiles(dir)).map((file) => [file.path, file]))
  const wrong: string[] = []
  for (const { path, sha256 } of manifest.files) {
    const file = found.get(path)
    if (file === undefined) wrong.push(`${path} is missing`)
    else if (file.sha256 !== sha256) wrong.push(`${path} has changed`)
    found.delete(path)
  }
  for (const path of found.keys()) wrong.push(`${path} does not belong to it`)
  if (wrong.length > 0) throw new BadBackup(`${dir} is not whole: ${wrong.slice(0, 5).join('; ')}`)
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
