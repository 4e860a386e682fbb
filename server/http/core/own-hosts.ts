import type { FastifyRequest } from 'fastify'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { refuse } from '#contract/problem.ts'
import { API, ROUTES } from '#contract/routes.ts'
import type { Log } from '../../flows/ports.ts'
import { ProblemError } from './problem-error.ts'

/** No public registry gives out a name that ends so: it belongs to this network alone. */
const INTRANET = /\.(localhost|local|lan|internal|intranet|corp|home|home\.arpa|test)$/
/** Devices and probes hold no session, and must not be lost for a name. */
const FOR_ANY_HOST: ReadonlySet<string> = new Set([
  `${API}/device/:id/telemetry`,
  ROUTES.push,
  '/livez',
  '/readyz',
])

/**
 * Refuses what a browser asks under a name that is not ours. A stranger's page may point its own name to our
 * address (DNS rebinding) and would be of our origin then. Addresses and names without a dot can be nobody's
 * page; over TLS no certificate fits the stranger's name.
 */
export function onlyOwnHosts(publicNames: readonly string[], log: Log): (request: FastifyRequest) => void {
  const own = new Set([...publicNames, hostname()].map((name) => name.toLowerCase()))
  let told = 0

  return ({ headers, protocol, routeOptions }) => {
    if (headers.host === undefined || protocol === 'https' || FOR_ANY_HOST.has(routeOptions.url ?? '')) return
    const name = nameOf(headers.host)
    if (isIP(name) !== 0 || !name.includes('.') || INTRANET.test(name) || own.has(name)) return
    if (told++ < MAX_TOLD)
      log.warn({ name: name.slice(0, 253) }, 'asked under a name that is not in WELLWATCH_PUBLIC_NAMES')
    throw new ProblemError(
      refuse('wrong-host', {
        zh: '此域名未在 WELLWATCH_PUBLIC_NAMES 中登记,请由管理员添加或用服务器地址访问',
        en: 'this name is not in WELLWATCH_PUBLIC_NAMES: an administrator adds it, or use the address of the server',
      }),
    )
  }
}

/** Whoever guesses names must not fill the log. */
const MAX_TOLD = 100

/** `Host` without its port and brackets; a dot at the end names the same host. */
function nameOf(host: string): string {
  const name = /^\[([^\]]*)\](?::\d*)?$/.exec(host)?.[1] ?? host.replace(/:\d*$/, '')
  return name.toLowerCase().replace(/\.$/, '')
}
