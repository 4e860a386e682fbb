import { readFileSync } from 'node:fs'
import { makeBackup } from '../backup/backup.ts'
import type { Manifest } from '../backup/manifest.ts'
import { restoreBackup } from '../backup/restore.ts'
import type { Log } from '../flows/ports.ts'

interface Surroundings {
  readonly dataDir: string
  readonly log: Log
  readonly print: (line: string) => void
}

/** `npm run backup -- FOLDER`: beside a running server too. */
export async function runBackup(to: string, { dataDir, log, print }: Surroundings): Promise<void> {
  const manifest = await makeBackup({ dataDir, to, version: ownVersion(), log })
  print(`${to}: ${contents(manifest)}, checked, in ${String(manifest.seconds)} s`)
  print('It holds the keys of the devices and people’s names: keep it as well as the server itself.')
}

/** `npm run restore -- FOLDER`: into an empty data directory. */
export async function runRestore(
  from: string,
  { dataDir, log, print, pid }: Surroundings & { readonly pid: number },
): Promise<void> {
  const { manifest, seconds } = await restoreBackup({ from, dataDir, pid, log })
  print(`${dataDir}: ${contents(manifest)}, as of ${manifest.createdAt}, checked, in ${String(seconds)} s`)
}

function contents({ files, rows, deadlines, journal }: Manifest): string {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const all = Object.values(rows).reduce((sum, count) => sum + count, 0)
  return [
    `${String(files.length)} files of ${(bytes / 1024 ** 2).toFixed(1)} MiB`,
    `${String(all)} rows`,
    `${String(deadlines.count)} open deadlines`,
    `${String(journal.records)} messages in the journal`,
  ].join(', ')
}

function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
