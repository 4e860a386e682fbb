import type { NetworkFile } from '#contract/network.ts'
import { ROUTES } from '#contract/routes.ts'
import { request } from '../base/api/request.ts'
import { preferences } from './preferences.svelte.ts'
import { indexNetwork, type NetworkIndex } from './network-index.ts'

type Numbered = NetworkFile & { readonly version: number }

/** The network as imported: names and places for the lists, the drawing for the map. */
class Network {
  #loading: Promise<void> | undefined
  #version = 0
  /** What is drawn came from the server since the page was opened, and is not what a phone kept. */
  heard = $state(false)
  file = $state.raw<NetworkFile | undefined>(undefined)
  failed = $state(false)
  readonly index: NetworkIndex = $derived(indexNetwork(this.file))

  /** The departments' areas, by their own ids. */
  readonly areas = $derived(
    (this.file?.features ?? []).flatMap(({ properties }) =>
      properties.kind === 'area' && properties.id !== undefined
        ? [{ id: properties.id, name: properties.name ?? properties.department }]
        : [],
    ),
  )

  /** Asks once at a time. What is drawn stays when nothing has changed. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => (this.#loading = undefined))
    return this.#loading
  }

  async #load(): Promise<void> {
    this.failed = false
    const answer = await request<Numbered>(`${ROUTES.network}?live=false`)
    if (answer.ok && (this.file === undefined || this.#version !== answer.value.version)) {
      this.file = answer.value
      this.#version = answer.value.version
    }
    this.failed = !answer.ok
    if (answer.ok) this.heard = true
  }

  /** Name of an asset; its id where the network does not know it. */
  name(assetId: string): string {
    return this.index.assets.get(assetId)?.name ?? assetId
  }

  address(assetId: string): string | undefined {
    return this.index.assets.get(assetId)?.address
  }

  near(name: string): string {
    return preferences.text.incident.near(name)
  }
}

export const network = new Network()
