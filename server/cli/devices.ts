import { parseArgs } from 'node:util'
import { basename } from 'node:path'
import { DataDirInUse, localKey } from '../disk/data-dir.ts'
import { importDevices } from '../flows/network/import-devices.ts'
import { devicesToServer } from '../flows/network/import-to-server.ts'
import { tellDevices, type SubmitDevices } from '../flows/network/tell-devices.ts'
import { deviceTableThread } from '../formats/delivery-thread.ts'
import { configOrExit, giveUp } from '../main.ts'
import { alone, byCommand } from './alone.ts'
import { print, readOrExit } from './terminal.ts'
import { USAGE } from './usage.ts'

export async function devicesCommand([verb, ...rest]: string[]): Promise<number> {
  if (verb === 'import') return importCommand(rest)
  if ((verb !== 'issue' && verb !== 'revoke') || rest.length === 0)
    giveUp(['devices: import FILE, issue ID… or revoke ID…', USAGE])
  return secretsCommand(verb, rest)
}

function secretsCommand(verb: 'issue' | 'revoke', ids: readonly string[]): Promise<number> {
  return alone(async ({ audit, credentials, registry }) => {
    let failed = 0
    for (const id of ids) {
      audit.record(byCommand(`devices ${verb}`, id))
      if (verb === 'revoke') {
        const done = await credentials.revoke(id)
        print(done ? `${id}\trevoked` : `${id}\thas no secret`)
        continue
      }
      const secret = registry.current().devices.has(id) ? await credentials.issue(id) : undefined
      if (typeof secret !== 'string') failed += 1
      print(typeof secret === 'string' ? `${id}\t${secret}` : `${id}\tis no device of the list`)
    }
    return failed === 0 ? 0 : 1
  })
}

async function importCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { 'dry-run': { type: 'boolean' } },
  })
  const [path, ...others] = positionals
  if (path === undefined || others.length > 0) return giveUp(['devices: import which one file?', USAGE])
  const order = { files: [{ name: basename(path), bytes: readOrExit(path) }] as const }
  const run = (submit: SubmitDevices) =>
    tellDevices({ submit: (options) => submit(order, options), dryRun: values['dry-run'] ?? false, print })
  const config = configOrExit()
  try {
    const done = await alone(async ({ audit, registry }) => {
      audit.record(byCommand('devices import', basename(path)))
      const parts = { registry, read: deviceTableThread }
      return run((given, { dryRun }) => importDevices(parts, given, { by: 'local', dryRun }))
    })
    return done ? 0 : 1
  } catch (error) {
    if (!(error instanceof DataDirInUse)) throw error
    const url = `http://${config.host}:${String(config.httpPort)}`
    return (await run(devicesToServer({ url, key: localKey(config.dataDir) ?? '' }))) ? 0 : 1
  }
}
