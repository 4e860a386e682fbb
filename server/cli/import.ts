import { parseArgs } from 'node:util'
import { basename } from 'node:path'
import Value from 'typebox/value'
import { NetworkMapping } from '#contract/network-mapping.ts'
import { deliveryThread } from '../formats/delivery-thread.ts'
import { importBar } from '../flows/network/import-bar.ts'
import { importDelivery } from '../flows/network/import-delivery.ts'
import { importFiles, type Submit } from '../flows/network/import-files.ts'
import { submitToServer } from '../flows/network/import-to-server.ts'
import { configOrExit, giveUp } from '../main.ts'
import { DataDirInUse, localKey } from '../disk/data-dir.ts'
import { alone } from './alone.ts'
import { print, readOrExit } from './terminal.ts'
import { USAGE } from './usage.ts'

export async function importCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean' },
      replace: { type: 'boolean' },
      mapping: { type: 'string' },
      crs: { type: 'string' },
    },
  })
  if (positionals.length === 0) giveUp(['import: which files?', USAGE])
  const files = positionals.map((name) => ({ name: basename(name), bytes: readOrExit(name) }))
  const mapping = values.mapping === undefined ? {} : { mapping: mappingIn(values.mapping) }
  const order = { files, ...mapping, ...(values.crs === undefined ? {} : { crs: values.crs }) }
  const bar = importBar()
  const run = (submit: Submit) =>
    importFiles({
      order,
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
      run((delivery, options) =>
        importDelivery({ registry: app.registry, read: deliveryThread }, delivery, {
          by: 'local',
          ...options,
        }),
      ),
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

/** A matching of columns as the page keeps it. */
function mappingIn(path: string): NetworkMapping {
  const text = new TextDecoder().decode(readOrExit(path))
  try {
    const mapping: unknown = JSON.parse(text)
    if (Value.Check(NetworkMapping, mapping)) return mapping
    const [error] = Value.Errors(NetworkMapping, mapping)
    return giveUp([`${path}: ${error?.instancePath ?? ''} ${error?.message ?? ''}`])
  } catch {
    return giveUp([`${path}: this is no JSON`])
  }
}
