import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { Config } from '../config.ts'
import type { Log } from '../flows/ports.ts'

/** What the broker's TLS entrance shows, and the authority of the devices' own certificates, where it asks for them. */
export interface CertificateFiles {
  readonly cert: string
  readonly key: string
  readonly clientCa?: string
}

const SETTINGS = [
  ['mqttTlsCertFile', 'WELLWATCH_MQTT_TLS_CERT_FILE'],
  ['mqttTlsKeyFile', 'WELLWATCH_MQTT_TLS_KEY_FILE'],
  ['mqttTlsClientCaFile', 'WELLWATCH_MQTT_TLS_CLIENT_CA_FILE'],
] as const

/** Undefined where TLS is off. @throws with the setting's name when a file is missing or they do not fit */
export function readCertificate(config: Config): CertificateFiles | undefined {
  if (config.mqttTlsCertFile === '') return undefined
  const [cert = '', key = '', clientCa] = SETTINGS.map(([setting, variable]) => {
    const path = config[setting]
    if (path === '') return undefined
    try {
      return readFileSync(path, 'utf8')
    } catch (cause) {
      throw new Error(`${variable}: ${path} cannot be read`, { cause })
    }
  })
  const files = { cert, key, ...(clientCa === undefined ? {} : { clientCa }) }
  try {
    createSecureContext({ cert, key, ...(clientCa === undefined ? {} : { ca: clientCa }) })
  } catch (cause) {
    throw new Error('the TLS certificate, its key and the client CA do not fit', { cause })
  }
  return files
}

const LOOK_EVERY_MS = 5000
const EXPIRES_SOON_MS = 14 * 86_400_000

/**
 * Looks every few seconds whether the files have changed, also behind a link, and hands the new ones on.
 * A certificate and key that do not fit together are logged once and tried again when a file changes.
 */
export function watchCertificate(
  config: Config,
  log: Log,
  renew: (files: CertificateFiles) => void,
  everyMs = LOOK_EVERY_MS,
): () => void {
  let seen = stamp(config)
  tellExpiry(readCertificate(config), log)
  const timer = setInterval(() => {
    const now = stamp(config)
    if (now === seen) return
    seen = now
    try {
      const files = readCertificate(config)
      if (files === undefined) return
      renew(files)
      log.info({ validTo: new X509Certificate(files.cert).validTo }, 'the broker shows a renewed certificate')
      tellExpiry(files, log)
    } catch (error) {
      log.warn({ err: error }, 'the changed certificate cannot be used; the broker keeps the one it has')
    }
  }, everyMs).unref()
  return () => clearInterval(timer)
}

function tellExpiry(files: CertificateFiles | undefined, log: Log): void {
  if (files === undefined) return
  const { validTo } = new X509Certificate(files.cert)
  if (Date.parse(validTo) - Date.now() > EXPIRES_SOON_MS) return
  log.warn({ validTo }, 'the certificate of the broker expires soon, or has expired')
}

/** Changes when a file does. A file that is missing just now is a change too. */
function stamp(config: Config): string {
  return SETTINGS.map(([setting]) => {
    const found = config[setting] === '' ? undefined : statSync(config[setting], { throwIfNoEntry: false })
    return `${String(found?.mtimeMs)} ${String(found?.ino)} ${String(found?.size)}`
  }).join()
}
