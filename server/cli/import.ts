import { parseArgs } from 'node:util'
import { importBar } from '../flows/network/import-bar.ts'
import { importFiles, type Submit } from '../flows/network/import-files.ts'
import { submitToServer } from '../flows/network/import-to-server.ts'
import { configOrExit, giveUp } from '../main.ts'
import { DataDirInUse, localKey } from '../process/data-dir.ts'
import { alone } from './alone.ts'
import { print, readOrExit } from './terminal.ts'
import { USAGE } from './usage.ts'

export async function importCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { 'dry-run': { type: 'boolean' }, replace: { type: 'boolean' } },
  })
  if (positionals.length === 0) giveUp(['import: which files?', USAGE])
  const files = positionals.map((name) => ({ name, bytes: readOrExit(name) }))
  const bar = importBar()
  const run = (submit: Submit) =>
    importFiles({
      files,
      dryRun: values['dry-run'] ?? false,
      replace: values.replace ?? false,
      submit,
      print: (line) => {
        bar.stop()
        print(line)
      },
      progress: bar.progress,
    })
  const config = configOrExit()
  try {
    const done = await alone((app) =>
      run((bytes, options) => app.registry.import(bytes, { by: 'local', ...options })),
    )
    return done ? 0 : 1
  } catch (error) {
    if (!(error instanceof DataDirInUse)) throw error
    const url = `http://${config.host}:${String(config.httpPort)}`
    return (await run(submitToServer({ url, key: localKey(config.dataDir) ?? '' }))) ? 0 : 1
  } finally {
    bar.stop()
  }
}
