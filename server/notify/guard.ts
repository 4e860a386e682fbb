import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

/** One address that a name stands for, looked up once: what was checked is what is connected to. */
export interface Pinned {
  readonly address: string
  readonly family: 4 | 6
}

/** An address inside the house or of the machine itself, which no setting has allowed (SSRF). */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
}

export type Guard = (hostname: string) => Promise<Pinned>
export type Lookup = (hostname: string) => Promise<readonly { address: string; family: number }[]>

/** Loopback, private, shared, link-local, documentation, multicast and the tunnels that lead back into them. */
const INSIDE: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  // Of IPv6 only 2000::/3 lies outside, and in it are tunnels to IPv4 and documentation. ::/3 is not one line:
  // this list takes all of IPv4 to lie in it.
  ['::', 96, 'ipv6'],
  ['::ffff:0:0:0', 96, 'ipv6'],
  ['64::', 16, 'ipv6'],
  ['100::', 8, 'ipv6'],
  ['200::', 7, 'ipv6'],
  ['400::', 6, 'ipv6'],
  ['800::', 5, 'ipv6'],
  ['1000::', 4, 'ipv6'],
  ['4000::', 2, 'ipv6'],
  ['8000::', 1, 'ipv6'],
  ['2001::', 32, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
]

/**
 * Looks a host up once and lets only outside addresses through, or those that `allow` names: a host name,
 * an address, or a range such as 10.1.0.0/16. One forbidden address among many refuses them all.
 */
export function createGuard(allow: readonly string[], resolve: Lookup = resolveAll): Guard {
  const inside = new BlockList()
  for (const [net, prefix, family] of INSIDE) inside.addSubnet(net, prefix, family)
  const allowed = new BlockList()
  for (const entry of allow) addRange(allowed, entry)
  const names = new Set(allow.map((entry) => entry.toLowerCase()))

  return async (hostname) => {
    const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
    const found = isIP(host) === 0 ? await resolve(host) : [{ address: host, family: isIP(host) }]
    const [first] = found
    if (first === undefined) throw new AddressRefused(`${host} has no address`)
    for (const { address, family } of found) {
      const kind = family === 6 ? 'ipv6' : 'ipv4'
      if (inside.check(address, kind) && !names.has(host) && !allowed.check(address, kind)) {
        throw new AddressRefused(`${host} is an inside address, allow it in notify.allow`)
      }
    }
    return { address: first.address, family: first.family === 6 ? 6 : 4 }
  }
}

/** Is it a host name, an address or a range? */
export function isAllowable(entry: string): boolean {
  const [net = '', prefix] = entry.split('/')
  if (prefix === undefined) return isIP(net) !== 0 || /^[a-z0-9]([a-z0-9.-]{0,252})$/i.test(net)
  const most = isIP(net) === 6 ? 128 : isIP(net) === 4 ? 32 : -1
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= most
}

function addRange(list: BlockList, entry: string): void {
  const [net = '', prefix] = entry.split('/')
  if (isIP(net) === 0) return
  const family = isIP(net) === 6 ? 'ipv6' : 'ipv4'
  if (prefix === undefined) list.addAddress(net, family)
  else list.addSubnet(net, Number(prefix), family)
}

function resolveAll(hostname: string): ReturnType<Lookup> {
  return lookup(hostname, { all: true })
}
