import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileKeeper } from '../flows/ticket/keep-attachment.ts'
import { syncFolder } from '../disk/sync-folder.ts'

/** Attachments as files named by id in one directory, on disk before they are acknowledged. */
export async function createAttachmentFiles(directory: string, maxBytes: number): Promise<FileKeeper> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const pathOf = (id: string): string => {
    if (!/^[0-9a-z-]{1,64}$/.test(id)) throw new RangeError(`not an attachment id: ${JSON.stringify(id)}`)
    return join(directory, id)
  }
  return {
    maxBytes,
    async write(id, bytes) {
      const path = pathOf(id)
      try {
        await writeFile(`${path}.new`, bytes, { flag: 'wx', mode: 0o600, flush: true })
        await rename(`${path}.new`, path)
        await syncFolder(directory)
      } catch (error) {
        // A partial file would take up room that a full disk lacks.
        await rm(`${path}.new`, { force: true })
        throw error
      }
    },
    async read(id) {
      try {
        return await readFile(pathOf(id))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    async olderThan(before) {
      const ids: string[] = []
      for (const name of await readdir(directory)) {
        const file = await stat(join(directory, name)).catch(() => undefined)
        if (file !== undefined && file.mtimeMs < before) ids.push(name)
      }
      return ids
    },
    async remove(id) {
      await rm(pathOf(id), { force: true })
    },
  }
}
