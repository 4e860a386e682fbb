import { join, relative } from 'node:path'
import closeWithGrace from 'close-with-grace'
import { createApp, type App } from './app.ts'
import { LOOPBACK, readConfig, secretsOf, unknownVariables, type Config } from './config.ts'
import { DataDirInUse, isDemoDir, takeDataDir, type DataDir } from './disk/data-dir.ts'
import { DATABASE, unusable, UnusableDataDir } from './disk/installation.ts'
import { DamagedRow, type Log } from './flows/ports.ts'
import { ForeignSegment } from './journal/recover.ts'
import { fileSink } from './process/log-file.ts'
import { limitGarbage } from './process/garbage.ts'
import { createLog, outputSink, type ServerLog } from './process/log.ts'
import { BadRules } from './wiring/policy-files.ts'
import { NewerDatabase } from './store/sql/migrate.ts'
import { MIN_OPEN_FILES, openFileLimit } from './process/open-files.ts'
import { isDamaged } from './disk/sqlite-errors.ts'

const PAGE_ROOT = new URL('../web/dist', import.meta.url).pathname
const DRAIN_MS = 10_000
const LOOK_EVERY_MS = 1000

/** Exit codes: 1 something failed, 2 the configuration or the surroundings are not right. */
export function giveUp(lines: readonly string[]): never {
  for (const line of lines) process.stderr.write(`${line}\n`)
  process.exit(2)
}

/** Ends with exit code 2: a restart cannot repair the file. */
export function giveUpDamaged(dataDir: string, { message }: Error): never {
  giveUp([
    `${join(dataDir, DATABASE)} is damaged (${message}).`,
    'Keep the directory as it is, and restore the last backup into another one (server/deploy/README.md, Backup).',
  ])
}

export function configOrExit(): Config {
  const config = readConfig(process.env)
  if ('mistakes' in config)
    giveUp(['The configuration is not right:', ...config.mistakes.map((one) => `  ${one}`)])
  return config
}

/** Opens the server and stays until a signal comes; `whenUp` runs once the page answers. */
export async function runServer(
  config: Config,
  options: {
    simulated?: boolean
    beforeListening?: (app: App) => Promise<void>
    whenUp?: (app: App, url: string) => Promise<(() => void) | undefined>
  } = {},
): Promise<void> {
  limitGarbage()
  const file = config.logFile === '' ? undefined : fileSink(config.logFile, config.logFileMb, outputSink(2))
  const log = createLog(config.logLevel, file)
  log.hide(secretsOf(config))
  // By default this signal opens Node's debugger to everybody who may send it; a listener replaces that.
  process.on('SIGUSR1', () => log.warn({}, 'SIGUSR1 does nothing here'))
  for (const name of unknownVariables(process.env)) log.warn({ name }, 'unknown environment variable')
  refuseFewFiles(openFileLimit())
  const dataDir = takeOrExit(config)
  log.hide(['local', 'device'].map((name) => dataDir.secret(name)))
  stopOnceGone(dataDir, log)
  let stopExtra: (() => void) | undefined
  let isStopping = false
  // Installed before devices can connect: from then on messages are acknowledged, and a signal may come.
  closeWithGrace({ delay: DRAIN_MS, logger: false }, async ({ err, signal }) => {
    if (err !== undefined) log.error({ err }, 'stopped by a fault')
    else log.info({ signal }, 'stopping')
    isStopping = true
    stopExtra?.()
    const opened = await opening.catch(() => undefined)
    await opened?.close()
    dataDir.release()
    await file?.close()
  })
  const opening = createOrExit(config, { dataDir, log, simulated: options.simulated ?? false })
  const app = await opening
  // The signal handler closes the app.
  if (isStopping) return
  try {
    await options.beforeListening?.(app)
    const url = await app.listen()
    log.info({ url, mqtt: app.mqttUrl, dataDir: config.dataDir }, 'listening')
    stopExtra = await options.whenUp?.(app, url)
    await showFirstCode(app, url, log)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') giveUp([portInUse(message)])
    throw error
  }
}

/** To the terminal alone: a file of the log would keep it. */
async function showFirstCode({ firstAdministrator }: App, url: string, log: ServerLog): Promise<void> {
  log.hide([firstAdministrator.code])
  if (!(await firstAdministrator.isAwaited())) return
  const { code } = firstAdministrator
  outputSink(2).write(
    `\n  还没有账号: 在 ${url} 用一次性代码 ${code} 创建管理员。\n` +
      `  Nobody has an account yet: make the administrator at ${url} with the one-time code ${code}.\n\n`,
  )
}

function refuseFewFiles(limit: number): void {
  if (limit >= MIN_OPEN_FILES) return
  giveUp([
    `the system lets this process have ${String(limit)} files and connections open: at least ` +
      `${String(MIN_OPEN_FILES)} are needed, and one for each device and screen beside them.`,
    'Raise the limit (ulimit -n, or LimitNOFILE in the unit).',
  ])
}

const portInUse = (message: string): string =>
  `a port is in use: ${message}. Another is taken by WELLWATCH_HTTP_PORT or WELLWATCH_MQTT_PORT`

/** Anything acknowledged after this would be lost, so the server stops; a restart would make an empty directory. */
function stopOnceGone(dataDir: DataDir, log: Log): void {
  const look = async (): Promise<void> => {
    if (!(await dataDir.isGone())) return dataDir.installation.look()
    const text = 'the data directory was removed or moved while the server ran: nothing can be kept'
    log.error({ dataDir: dataDir.path }, text)
    giveUp([`${dataDir.path}: ${text}`])
  }
  setInterval(() => void look(), LOOK_EVERY_MS).unref()
}

function takeOrExit(config: Config) {
  try {
    return takeDataDir(config.dataDir, process.pid, { readings: config.influxUrl === '' })
  } catch (error) {
    if (error instanceof DataDirInUse || error instanceof UnusableDataDir) giveUp([error.message])
    throw error
  }
}

async function createOrExit(
  config: Config,
  parts: { dataDir: DataDir; log: Log; simulated: boolean },
): Promise<App> {
  try {
    return await createApp({ config, ...parts, pageRoot: PAGE_ROOT })
  } catch (error) {
    if (error instanceof BadRules)
      giveUp(['The rules cannot be used:', ...error.mistakes.map((one) => `  ${one}`)])
    if (error instanceof NewerDatabase) giveUp([error.message])
    if (error instanceof ForeignSegment)
      giveUp([unusable(config.dataDir, relative(config.dataDir, error.message)).message])
    if (isDamaged(error) || isOfContents(error)) {
      parts.log.error({ err: error }, 'stored contents could not be read')
      giveUpDamaged(config.dataDir, error as Error)
    }
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') giveUp([portInUse(message)])
    throw error
  }
}

/** Errors that damaged contents cause while they are loaded; a restart would meet them again. */
function isOfContents(error: unknown): boolean {
  return [DamagedRow, SyntaxError, TypeError].some((kind) => error instanceof kind)
}

if (import.meta.main) {
  const config = configOrExit()
  if (isDemoDir(config.dataDir) && !LOOPBACK.has(config.host)) {
    giveUp([
      `${config.dataDir} holds demo people and secrets, which everybody knows: it is served on loopback only.`,
      'Use another WELLWATCH_DATA_DIR, or WELLWATCH_HOST=127.0.0.1.',
    ])
  }
  await runServer(config)
}
