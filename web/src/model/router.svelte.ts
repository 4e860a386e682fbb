import { PAGES, type PageName } from './page-names.ts'

type Pane = 'list' | 'ticket' | 'map' | 'hotline' | 'isolation' | 'asset' | 'menu'
const PANES: readonly Pane[] = ['ticket', 'map', 'hotline', 'isolation', 'asset', 'menu']

/**
 * Where the screen is: the page, the selected ticket and, on a phone, which pane is in front. It lives in
 * the address, so that “back” works and a ticket can be sent as a link.
 */
class Place {
  page = $state<PageName>('desk')
  ticketId = $state<string | undefined>(undefined)
  pane = $state<Pane>('list')
  /** Set by a search or a candidate: what the map should show. */
  focusAssetId = $state<string | undefined>(undefined)
  /** The asset whose isolating valves are shown. */
  isolationId = $state<string | undefined>(undefined)

  /** The asset whose page is open: what the code on a well leads to. */
  assetId = $state<string | undefined>(undefined)

  constructor() {
    this.#read()
    addEventListener('hashchange', () => this.#read())
    addEventListener('popstate', () => this.#read())
  }

  #read(): void {
    const [name, id, more] = location.hash.slice(1).split('/')
    if (name === 'ticket' && id !== undefined) this.ticketId = decodeURIComponent(id)
    this.isolationId = name === 'isolation' && id !== undefined ? decodeURIComponent(id) : undefined
    this.assetId = name === 'asset' && id !== undefined && id !== '' ? decodeURIComponent(id) : undefined
    const pane = PANES.find((one) => one === name) ?? 'list'
    this.pane = pane === 'isolation' && this.isolationId === undefined ? 'list' : pane
    const page = PAGES.find((one) => one === name) ?? 'desk'
    this.page = page === 'ticket' && more !== 'full' ? 'desk' : page
  }

  #write(hash: string): void {
    if (location.hash !== hash)
      history.pushState(null, '', hash === '' ? location.pathname + location.search : hash)
    this.#read()
  }

  openTicket(id: string): void {
    this.select(id)
    this.#write(`#ticket/${encodeURIComponent(id)}`)
  }

  /** One ticket on the whole page: every clock, curve and call on one axis. */
  openFull(id: string): void {
    this.ticketId = id
    this.#write(`#ticket/${encodeURIComponent(id)}/full`)
  }

  /** The valves that cut an asset off; the selected ticket stays selected. */
  openIsolation(assetId: string): void {
    this.#write(`#isolation/${encodeURIComponent(assetId)}`)
  }

  openAsset(assetId: string): void {
    this.#write(`#asset/${encodeURIComponent(assetId)}`)
  }

  openPage(page: PageName): void {
    this.#write(`#${page}`)
  }

  /** Back to the desk with the same ticket selected. */
  openDesk(): void {
    if (this.ticketId === undefined) this.show('list')
    else this.openTicket(this.ticketId)
  }

  /** Moves the selection without a step in the browser's history. */
  select(id: string | undefined): void {
    this.ticketId = id
    this.focusAssetId = undefined
  }

  show(pane: Pane): void {
    this.pane = pane
    this.#write(pane === 'list' ? '' : `#${pane}`)
  }
}

export const place = new Place()
