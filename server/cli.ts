import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { withNames } from '#contract/former-names.ts'
import { isRefusal } from '#contract/problem.ts'
import { ROLES, type Role } from '#contract/vocabulary.ts'
import { createApp, type App } from './app.ts'
import { runAudit } from './cli/audit.ts'
import { runBacktest } from './cli/backtest.ts'
import { runBackup, runRestore } from './cli/backup.ts'
import { BadBackup } from './backup/manifest.ts'
import { LOOPBACK } from './config.ts'
import { DataDirInUse, localKey, takeDataDir } from './process/data-dir.ts'
import { UnusableDataDir } from './process/installation.ts'
import { runDemo } from './cli/demo.ts'
import { runSettings } from './cli/settings.ts'
import { checkPolicy } from './domain/policy/check-policy.ts'
import { doubtsOf } from './domain/policy/compare-limits.ts'
import { PACK_FILE_SCHEMA } from './domain/policy/pack-file-schema.ts'
import { PACKS } from './domain/policy/packs.ts'
import type { PolicyPack } from './domain/policy/policy-pack.ts'
import { WUDA } from './domain/policy/wuda.ts'
import type { AuditEntry } from './flows/access/audit.ts'
import { importBar } from './flows/network/import-bar.ts'
import { importFiles, type Submit } from './flows/network/import-files.ts'
import { submitToServer } from './flows/network/import-to-server.ts'
import { savePerson } from './flows/access/people.ts'
import { createLog } from './process/log.ts'
import { NewerDatabase } from './store/sql/migrate.ts'
import { configOrExit, giveUp, giveUpDamaged, runServer } from './main.ts'
import { formerNames } from './wiring/policy-files.ts'
import { isDamaged } from './store/sqlite-errors.ts'

const USAGE = `npm run …
  demo [-- --reset]                                   the whole system with a simulated town
  import -- [--dry-run] [--replace] FILE…             network files into the registry
  users -- add NAME --role ROLE [--department ID] [--full-name TEXT]    (password from standard input)
  users -- list | disable NAME
  devices -- issue ID… | revoke ID…                   secrets of devices, told once
  backtest -- --network FILE --readings FILE --out FILE    the detector over recorded readings
  audit -- [--head LINK] | --list                     whether the history is what was written
  backup -- FOLDER                                    a checked copy of the data directory, while the server runs too
  restore -- FOLDER                                   puts one back into an empty data directory
  policy -- --schema | --check FILE | --print [NAME]  the policy pack in force by default, or another city's
  settings [-- --write]                               every setting as a table, or into server/CONFIGURATION.md
  policy -- --convert FILE                            a pack's file with today's names of clocks and rules, printed`

const print = (line: string): void => void process.stdout.write(`${line}\n`)

/**
 * Opens the data directory when no server runs; a command that needs it alone says who holds it. It hears no device
 * and gives no sign of life: the outside watch must go on missing a server that is down.
 */
async function alone<T>(work: (app: App) => Promise<T>): Promise<T> {
  const config = configOrExit()
  const dataDir = takeDataDir(config.dataDir, process.pid, { readings: config.influxUrl === '' })
  const quiet = { ...config, mqttPort: 0, mqttWsPort: 0, mqttTlsCertFile: '', mqttUrl: '', heartbeatUrl: '' }
  const app = await createApp({ config: quiet, dataDir, log: createLog('warn'), pageRoot: '' })
  try {
    return await work(app)
  } finally {
    await app.close()
    dataDir.release()
  }
}

async function importCommand(args: string[]): Promise<number> {
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

function readOrExit(name: string): Buffer {
  try {
    return readFileSync(name)
  } catch (error) {
    return giveUp([`${name}: ${(error as Error).message}`])
  }
}

async function usersCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      role: { type: 'string', multiple: true },
      department: { type: 'string' },
      'full-name': { type: 'string' },
    },
  })
  const [verb, id] = positionals
  if (verb === 'list') {
    const people = await alone((app) => app.people.list())
    for (const { id: name, name: fullName, roles, departmentId } of people) {
      print([name, fullName, roles.join(','), departmentId ?? ''].join('\t'))
    }
    return 0
  }
  if (verb === 'disable' && id !== undefined) {
    const done = await alone((app) => {
      app.audit.record(byCommand('users disable', id))
      return app.people.disable(id, Date.now())
    })
    print(done ? `${id} can no longer sign in` : `there is no ${id}`)
    return done ? 0 : 1
  }
  if (verb !== 'add' || id === undefined) giveUp(['users: add NAME, list or disable NAME', USAGE])
  const roles = values.role ?? []
  const unknown = roles.filter((role) => !isRole(role))
  if (roles.length === 0 || unknown.length > 0) giveUp([`users: --role must be one of ${ROLES.join(', ')}`])
  const password = await askPassword()
  const person = {
    id,
    name: values['full-name'] ?? id,
    roles: roles.filter(isRole),
    password,
    ...(values.department === undefined ? {} : { departmentId: values.department }),
  }
  const saved = await alone((app) => {
    app.audit.record(byCommand('users add', `${id} ${roles.join(',')}`))
    return savePerson(app.people, person, Date.now(), app.registry.current().departments)
  })
  print(isRefusal(saved) ? [saved.detail, saved.detailEn ?? ''].join('\n') : `${id} can sign in`)
  return isRefusal(saved) ? 1 : 0
}

/** How the audit knows what was done at this machine's command line. */
function byCommand(action: string, subject: string): AuditEntry {
  return { at: Date.now(), who: 'local', action, subject, status: 200 }
}

function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text)
}

async function askPassword(): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const password = await lines.question('password: ')
  lines.close()
  return password.trim()
}

async function devicesCommand([verb, ...ids]: string[]): Promise<number> {
  if ((verb !== 'issue' && verb !== 'revoke') || ids.length === 0)
    giveUp(['devices: issue ID… or revoke ID…', USAGE])
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
      print(typeof secret === 'string' ? `${id}\t${secret}` : `${id}\tis in no network file`)
    }
    return failed === 0 ? 0 : 1
  })
}

function policyCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      schema: { type: 'boolean' },
      print: { type: 'boolean' },
      check: { type: 'string' },
      convert: { type: 'string' },
    },
  })
  if (values.schema === true) print(JSON.stringify(PACK_FILE_SCHEMA, null, 2))
  else if (values.print === true) print(JSON.stringify(packOrExit(positionals[0]), null, 2))
  else if (values.check !== undefined) return Promise.resolve(checkFile(values.check))
  else if (values.convert !== undefined)
    print(JSON.stringify(withNames(jsonOrExit(values.convert)).value, null, 2))
  else giveUp(['policy: --schema, --check FILE, --convert FILE or --print', USAGE])
  return Promise.resolve(0)
}

function packOrExit(id = WUDA.id): PolicyPack {
  const names = [...PACKS.keys()].join(', ')
  return PACKS.get(id) ?? giveUp([`policy: no pack ${id}; there are ${names}`])
}

function checkFile(name: string): number {
  const result = checkPolicy(jsonOrExit(name))
  if ('mistakes' in result) {
    for (const { path, message } of result.mistakes) print(`${path}: ${message}`)
    print(`${name}: ${String(result.mistakes.length)} mistakes`)
    return 1
  }
  if (result.renamed.size > 0) print(formerNames(result.renamed))
  for (const { path, message } of doubtsOf(result.pack)) print(`is this meant? ${path}: ${message}`)
  print(`${name} can be used`)
  return 0
}

function jsonOrExit(name: string): unknown {
  try {
    return JSON.parse(readOrExit(name).toString('utf8'))
  } catch (error) {
    return giveUp([`${name}: ${(error as Error).message}`])
  }
}

async function backtestCommand(args: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args, options: { network: text, readings: text, out: text } })
  const { network, readings, out } = values
  if (network === undefined || readings === undefined || out === undefined) {
    giveUp(['backtest: --network, --readings and --out are needed', USAGE])
  }
  const tell = (line: string): void => void process.stderr.write(`${line}\n`)
  try {
    return (await runBacktest({ network, readings, out }, tell)) ? 0 : 1
  } catch (error) {
    if (!(error instanceof Error && 'path' in error && 'code' in error)) throw error
    tell(error.message)
    return 1
  }
}

async function auditCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { head: { type: 'string' }, list: { type: 'boolean' } } })
  const { head, list = false } = values
  const { dataDir } = configOrExit()
  return (await runAudit({ dataDir, list, ...(head === undefined ? {} : { head }) }, print)) ? 0 : 1
}

function settingsCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { write: { type: 'boolean' } } })
  runSettings({ write: values.write ?? false }, print)
  return Promise.resolve(0)
}

async function demoCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { reset: { type: 'boolean' } } })
  const config = configOrExit()
  if (!LOOPBACK.has(config.host)) giveUp(['The demo has public passwords and is served on loopback only.'])
  await runDemo(config, { reset: values.reset ?? false, print, serve: runServer, env: process.env })
  return 0
}

async function backupCommand([folder, ...rest]: string[]): Promise<number> {
  if (folder === undefined || rest.length > 0) giveUp(['backup: into which folder?', USAGE])
  const { dataDir } = configOrExit()
  await runBackup(folder, { dataDir, print, log: createLog('warn') })
  return 0
}

async function restoreCommand([folder, ...rest]: string[]): Promise<number> {
  if (folder === undefined || rest.length > 0) giveUp(['restore: from which folder?', USAGE])
  const { dataDir } = configOrExit()
  await runRestore(folder, { dataDir, print, log: createLog('warn'), pid: process.pid })
  return 0
}

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  demo: demoCommand,
  import: importCommand,
  users: usersCommand,
  devices: devicesCommand,
  policy: policyCommand,
  audit: auditCommand,
  backtest: backtestCommand,
  backup: backupCommand,
  restore: restoreCommand,
  settings: settingsCommand,
}

const [name = '', ...rest] = process.argv.slice(2)
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
if (command === undefined) giveUp([USAGE])
try {
  process.exitCode = await command(rest)
} catch (error) {
  const said = [DataDirInUse, UnusableDataDir, NewerDatabase, BadBackup]
  const isSaid = said.some((kind) => error instanceof kind)
  if (isSaid) giveUp([(error as Error).message])
  if (isDamaged(error)) giveUpDamaged(configOrExit().dataDir, error as Error)
  if (error instanceof TypeError && 'code' in error) giveUp([error.message, USAGE])
  throw error
}
