export type Pane = 'list' | 'ticket' | 'map' | 'hotline'

/**
 * Where the screen is: the selected ticket and, on a phone, which pane is in front. It lives in the
 * address, so that “back” works and a ticket can be sent as a link.
 */
class Place {
  ticketId = $state<string | undefined>(undefined)
  pane = $state<Pane>('list')
  /** Set by a search or a candidate: what the map should show. */
  focusAssetId = $state<string | undefined>(undefined)

  constructor() {
    this.#read()
    addEventListener('hashchange', () => this.#read())
  }

  #read(): void {
    const [pane, id] = location.hash.slice(1).split('/')
    if (pane === 'ticket' && id !== undefined) this.ticketId = decodeURIComponent(id)
    this.pane = pane === 'ticket' || pane === 'map' || pane === 'hotline' ? pane : 'list'
  }

  #write(hash: string): void {
    if (location.hash !== hash)
      history.pushState(null, '', hash === '' ? location.pathname + location.search : hash)
  }

  openTicket(id: string): void {
    this.ticketId = id
    this.pane = 'ticket'
    this.#write(`#ticket/${encodeURIComponent(id)}`)
  }

  /** Moves the selection without a step in the browser's history. */
  select(id: string | undefined): void {
    this.ticketId = id
  }

  show(pane: Pane): void {
    this.pane = pane
    this.#write(pane === 'list' ? '' : `#${pane}`)
  }
}

export const place = new Place()
