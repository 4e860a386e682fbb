import type { GatewayEntry } from '#contract/gateways.ts'
import type { Profile } from '#contract/profiles.ts'
import { refuse, type Refusal } from '#contract/problem.ts'
import { refuseReserved } from '#contract/names.ts'
import { topicMatches } from '../../domain/translation/topic-filter.ts'
import type { NetworkSource } from '../ports.ts'
import type { DeviceCredentials } from '../readings/device-credentials.ts'
import type { Profiles } from './profiles.ts'

export type KeptGateway = GatewayEntry & { readonly id: string }

export interface KeptGateways {
  all(): Promise<readonly KeptGateway[]>
  save(gateway: KeptGateway): Promise<void>
  /** Its credential too. */
  remove(id: string): Promise<void>
}

export interface Gateways {
  all(): readonly KeptGateway[]
  find(id: string): KeptGateway | undefined
  save(gateway: KeptGateway): Promise<Refusal | undefined>
  remove(id: string): Promise<Refusal | undefined>
  readonly credentials: Pick<DeviceCredentials, 'verify' | 'issue' | 'list'>
  /** Profiles that read a message on this topic; an empty one: it was pushed over HTTP. */
  profilesFor(gateway: KeptGateway, topic: string): readonly Profile[]
  /** Topic filters of its profiles. */
  filtersOf(gatewayId: string): readonly string[]
}

const MAX_GATEWAYS = 200

/** Those who speak for many devices, each for its own. */
export async function createGateways(parts: {
  readonly store: KeptGateways
  readonly credentials: DeviceCredentials
  readonly profiles: Pick<Profiles, 'find'>
  readonly network: NetworkSource
}): Promise<Gateways> {
  const { store, credentials, profiles, network } = parts
  const gateways = new Map((await store.all()).map((one) => [one.id, one]))

  return {
    all: () => [...gateways.values()],
    find: (id) => gateways.get(id),
    credentials,
    async save(gateway) {
      const refused = refuseReserved(gateway.id)
      if (refused !== undefined) return refused
      if (network.current().devices.has(gateway.id)) return isDevice(gateway.id)
      const unknown = gateway.profiles.filter((id) => profiles.find(id) === undefined)
      if (unknown.length > 0) return noProfiles(unknown)
      if (!gateways.has(gateway.id) && gateways.size >= MAX_GATEWAYS) return TOO_MANY
      await store.save(gateway)
      gateways.set(gateway.id, gateway)
      return undefined
    },
    async remove(id) {
      if (!gateways.has(id)) return noGateway(id)
      const under = [...network.current().devices.values()].filter(({ gateway }) => gateway === id)
      if (under.length > 0) return speaksFor(id, under.length)
      await store.remove(id)
      gateways.delete(id)
      return undefined
    },
    filtersOf: (id) =>
      (gateways.get(id)?.profiles ?? []).flatMap((profile) => profiles.find(profile)?.topics ?? []),
    profilesFor: (gateway, topic) =>
      gateway.profiles.flatMap((id) => {
        const profile = profiles.find(id)
        const fits =
          topic === ''
            ? profile?.push === true
            : profile?.topics?.some((filter) => topicMatches(filter, topic)) === true
        return profile !== undefined && fits ? [profile] : []
      }),
  }
}

export function noGateway(id: string): Refusal {
  return refuse('not-found', { zh: `没有网关 ${id}`, en: `there is no gateway ${id}` })
}

function isDevice(id: string): Refusal {
  return refuse('conflict', {
    zh: `${id} 已是设备编号, 网关请另取编号`,
    en: `${id} is the id of a device already; give the gateway another`,
  })
}

function noProfiles(ids: readonly string[]): Refusal {
  return refuse('bad-value', {
    zh: `没有报文配置 ${ids.join('、')}`,
    en: `there are no profiles ${ids.join(', ')}`,
  })
}

function speaksFor(id: string, count: number): Refusal {
  return refuse('conflict', {
    zh: `网关 ${id} 下还有 ${String(count)} 台设备, 请先改到别的网关`,
    en: `${String(count)} devices are listed under the gateway ${id}; move them first`,
  })
}

const TOO_MANY = refuse('conflict', {
  zh: `已有 ${String(MAX_GATEWAYS)} 个网关`,
  en: `there are ${String(MAX_GATEWAYS)} gateways already`,
})
