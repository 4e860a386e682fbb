import { createApp, type App } from '../app.ts'
import type { AuditEntry } from '../flows/access/audit.ts'
import { configOrExit } from '../main.ts'
import { takeDataDir } from '../disk/data-dir.ts'
import { createLog } from '../process/log.ts'

/**
 * Opens the data directory when no server runs; a command that needs it alone says who holds it. It hears no device
 * and gives no sign of life: the outside watch must go on missing a server that is down.
 */
export async function alone<T>(work: (app: App) => Promise<T>): Promise<T> {
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

/** How the audit knows what was done at this machine's command line. */
export function byCommand(action: string, subject: string): AuditEntry {
  return { at: Date.now(), who: 'local', action, subject, status: 200 }
}
