import type { DeviceListAnswer } from '#contract/device-list.ts'
import type { ImportMistake } from '#contract/import-mistake.ts'
import type { ImportAnswer, NetworkFile } from '#contract/network.ts'
import { refuse, type ProblemCode, type Refusal } from '#contract/problem.ts'
import type { Instant } from '../../domain/instant.ts'
import { WUDA_ROUTING, type RoutingTable } from '../../domain/network/routing-table.ts'
import { buildingNetwork, NO_NETWORK } from '../../domain/network/build.ts'
import type { DeviceOrder } from '../../domain/network/change-devices.ts'
import type { AssetCorrection } from '../../domain/network/correct-asset.ts'
import type { StandingFile } from '../../domain/network/listed-devices.ts'
import type { Department, Network } from '../../domain/network/network.ts'
import { lastInSlices } from '../slices.ts'
import { networkWork } from './network-elsewhere.ts'
import { networkFrom, type NetworkWork, type PackedNetwork } from './network-work.ts'
import type { Clock, Log, NetworkSource } from '../ports.ts'

/** One import as it is kept: the whole network from then on, packed. */
export interface NetworkVersion {
  readonly version: number
  readonly importedAt: Instant
  readonly importedBy: string
  readonly summary: {
    readonly added: number
    readonly changed: number
    readonly removed: number
    readonly correction?: {
      readonly assetId: string
      readonly fields: readonly string[]
      readonly reason: string
    }
    /** Then the numbers count devices, and these are their ids. */
    readonly devices?: readonly string[]
  }
  readonly packed: Uint8Array
}

/** Where versions of the network are kept, for ever. */
export interface NetworkVersions {
  /** Oldest first. */
  all(): Promise<readonly NetworkVersion[]>
  departments(): Promise<readonly Department[]>
  /** In one transaction; departments that are there already keep their names. */
  add(version: NetworkVersion, departments: readonly Department[]): Promise<void>
}

export interface ImportOptions {
  readonly by: string
  readonly dryRun?: boolean
  readonly replace?: boolean
}

export interface NetworkRegistry extends NetworkSource {
  /** Reads what has been imported; to be called once before anything else. */
  load(): Promise<void>
  /** Imports one after the other; a bad file is refused whole and changes nothing. */
  import(file: Uint8Array | NetworkFile, options: ImportOptions): Promise<ImportAnswer | Refusal>
  /** Puts one asset right, in the same order as imports and with the same checks. */
  correct(correction: AssetCorrection, by: string, reason: string): Promise<ImportAnswer | Refusal>
  /** Adds, changes and retires devices, in the same order as imports. */
  changeDevices(order: DeviceOrder, options: ImportOptions): Promise<DeviceListAnswer | Refusal>
  versions(): readonly Omit<NetworkVersion, 'packed'>[]
  /** The network that stands, for another thread; undefined before the first import. */
  packed(): PackedNetwork | undefined
}

/** Past networks that stay built; one more is read again from its packed form in some 50 ms. */
const KEPT_BUILT = 4
const MAX_WAITING = 5

/**
 * The network now and as it was (A11). As of an instant, the version imported last before it is in
 * force; before the first import, the first one: nothing else is known of that time.
 */
export function createNetworkRegistry(parts: {
  readonly store: NetworkVersions
  readonly clock: Clock
  readonly log: Log
  readonly routing?: RoutingTable
}): NetworkRegistry {
  const { store, clock, log, routing = WUDA_ROUTING } = parts
  let versions: readonly NetworkVersion[] = []
  let departments: readonly Department[] = []
  let current = NO_NETWORK
  const built = new Map<number, Network>()
  const listeners = new Set<(network: Network) => void | Promise<void>>()
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0

  function networkOf(version: NetworkVersion): Network {
    const known = version.version === current.version ? current : built.get(version.version)
    if (known !== undefined) return known
    const network = networkFrom({ ...version, departments, routing })
    built.set(version.version, network)
    const [oldest] = built.keys()
    if (built.size > KEPT_BUILT && oldest !== undefined) built.delete(oldest)
    return network
  }

  async function importNow(
    incoming: NetworkWork['incoming'],
    options: ImportOptions,
    reason?: string,
  ): Promise<ImportAnswer | DeviceListAnswer | Refusal> {
    const newest = versions.at(-1)
    const at = Math.max(clock.now(), newest?.importedAt ?? 0)
    const standing = newest === undefined ? {} : { standing: newest.packed }
    const { replace = false, dryRun = false } = options
    const done = await networkWork({ incoming, ...standing, departments, replace, dryRun, at })
    if (done.kind === 'bad' && !(incoming instanceof Uint8Array))
      return wrongByHand(done.code ?? 'bad-value', done.mistakes)
    if (done.kind === 'bad') {
      const count = String(done.mistakes.length)
      const said = {
        zh: `管网文件有 ${count} 处错误,没有做任何改动`,
        en: `the network file has ${count} mistakes; nothing was changed`,
      }
      return refuse('bad-network', said, { errors: done.mistakes })
    }
    const { answer, made } = done
    const [added, changed, removed] = [answer.added, answer.changed, answer.removed].map((ids) => ids.length)
    if (made === undefined || [added, changed, removed].every((n) => n === 0)) return answer

    const byHand = incoming instanceof Uint8Array ? {} : summaryOf(incoming, answer, reason)
    const summary = { added: added ?? 0, changed: changed ?? 0, removed: removed ?? 0, ...byHand }
    const version = (newest?.version ?? 0) + 1
    const entry = { version, importedAt: at, importedBy: options.by, summary, packed: made.packed }
    const network = await build(made, version)
    await store.add(entry, [...network.departments.values()])
    versions = [...versions, entry]
    departments = [...network.departments.values()]
    built.set(current.version, current)
    current = network
    await tell(network)
    return answer
  }

  /** A list of devices is answered as one, and everything else as an import. */
  function inTurn(incoming: DeviceOrder, options: ImportOptions): Promise<DeviceListAnswer | Refusal>
  function inTurn(
    incoming: Uint8Array | AssetCorrection,
    options: ImportOptions,
    reason?: string,
  ): Promise<ImportAnswer | Refusal>
  function inTurn(
    incoming: NetworkWork['incoming'],
    options: ImportOptions,
    reason?: string,
  ): Promise<ImportAnswer | DeviceListAnswer | Refusal> {
    if (waiting >= MAX_WAITING)
      return Promise.resolve(
        refuse('unavailable', {
          zh: '已有多个导入在排队,请稍后再试',
          en: 'several imports wait already; try again in a while',
        }),
      )
    waiting += 1
    const mine = last.then(() => importNow(incoming, options, reason)).finally(() => (waiting -= 1))
    last = mine.catch(() => undefined)
    return mine
  }

  function build({ features, listed }: Omit<StandingFile, 'type'>, version: number): Promise<Network> {
    const file: StandingFile = {
      type: 'FeatureCollection',
      features,
      ...(listed === undefined ? {} : { listed }),
    }
    return lastInSlices(buildingNetwork(file, version, departments, routing))
  }

  /** The import has been answered only when every part works with the new network. */
  async function tell(network: Network): Promise<void> {
    for (const listener of listeners) {
      try {
        await listener(network)
      } catch (err) {
        log.error({ err, version: network.version }, 'a part did not take the new network')
      }
    }
  }

  return {
    async load() {
      versions = await store.all()
      departments = await store.departments()
      const newest = versions.at(-1)
      if (newest !== undefined) current = networkOf(newest)
    },
    current: () => current,
    asOf(at) {
      const inForce = versions.findLast((version) => version.importedAt <= at) ?? versions[0]
      return inForce === undefined ? current : networkOf(inForce)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    import: (file, options) =>
      inTurn(file instanceof Uint8Array ? file : new TextEncoder().encode(JSON.stringify(file)), options),
    correct: (correction, by, reason) => inTurn(correction, { by }, reason),
    changeDevices: (order, options) => inTurn(order, options),
    packed() {
      const newest = versions.at(-1)
      return newest === undefined ? undefined : { ...newest, departments, routing }
    },
    versions: () => versions.map(({ packed: _, ...rest }) => rest),
  }
}

function summaryOf(
  incoming: AssetCorrection | DeviceOrder,
  { added, changed, removed }: ImportAnswer,
  reason = '',
): Pick<NetworkVersion['summary'], 'correction' | 'devices'> {
  if ('verb' in incoming) return { devices: [...added, ...changed, ...removed] }
  const { assetId, fields, position } = incoming
  const touched = [...Object.keys(fields), ...(position === undefined ? [] : ['position'])]
  return { correction: { assetId, fields: touched, reason } }
}

/** Few mistakes are said in the sentence itself; of a long list their number, and each stands in `errors`. */
const MAX_SAID = 5

function wrongByHand(code: ProblemCode, mistakes: readonly ImportMistake[]): Refusal {
  const count = String(mistakes.length)
  if (mistakes.length > MAX_SAID) {
    const many = {
      zh: `有 ${count} 处错误,没有做任何改动`,
      en: `there are ${count} mistakes; nothing was changed`,
    }
    return refuse(code, many, { errors: mistakes })
  }
  const said = {
    zh: mistakes.map(({ message }) => message).join('; '),
    en: mistakes.map(({ message, messageEn }) => messageEn ?? message).join('; '),
  }
  return refuse(code, said, { errors: mistakes })
}
