import { parseArgs } from 'node:util'
import { BadBackup } from './backup/manifest.ts'
import { runAudit } from './cli/audit.ts'
import { runBacktest } from './cli/backtest.ts'
import { runBackup, runRestore } from './cli/backup.ts'
import { devicesCommand } from './cli/devices.ts'
import { importCommand } from './cli/import.ts'
import { policyCommand } from './cli/policy.ts'
import { runSettings } from './cli/settings.ts'
import { print } from './cli/terminal.ts'
import type { StoryName } from '../simulators/demo.ts'
import { USAGE } from './cli/usage.ts'
import { usersCommand } from './cli/users.ts'
import { LOOPBACK } from './config.ts'
import { configOrExit, giveUp, giveUpDamaged, runServer } from './main.ts'
import { DataDirInUse } from './disk/data-dir.ts'
import { UnusableDataDir } from './disk/installation.ts'
import { createLog } from './process/log.ts'
import { NewerDatabase } from './store/sql/migrate.ts'
import { isDamaged } from './disk/sqlite-errors.ts'

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

function isStory(name: string): name is StoryName {
  return name === 'usual' || name === 'bad-night'
}

async function demoCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { reset: { type: 'boolean' }, story: { type: 'string' } } })
  const { reset = false, story = 'usual' } = values
  if (!isStory(story)) giveUp([`demo: there is no story ${story}`, USAGE])
  const config = configOrExit()
  if (!LOOPBACK.has(config.host)) giveUp(['The demo has public passwords and is served on loopback only.'])
  // Here alone: no other command loads the simulated town.
  const { runDemo } = await import('./cli/demo.ts')
  await runDemo(config, { reset, story, print, serve: runServer, env: process.env })
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
