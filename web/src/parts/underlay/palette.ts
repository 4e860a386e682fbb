/** The tokens that the map's canvas needs as values. */
export interface Palette {
  readonly ground: string
  readonly panel: string
  readonly hair: string
  readonly line: string
  readonly text1: string
  readonly text2: string
  readonly text3: string
  readonly normal: string
  readonly stale: string
  readonly cold: string
  readonly primarySupply: string
  readonly primaryReturn: string
  readonly secondarySupply: string
  readonly secondaryReturn: string
  /** Families in the order of preference; the map draws its letters from them itself. */
  readonly fonts: readonly string[]
  /** Root size over 16 px: a wall's letters are larger. */
  readonly scale: number
  /** A larger root shows the same picture at a higher zoom; steps by zoom move with it. */
  readonly zoomShift: number
  /** A wall: from 8 m the wells along every pipe are no more than grain. */
  readonly distant: boolean
  /** A phone or a wall: the map is hardly wider than the network, and a name at the rim would be cut. */
  readonly rimmed: boolean
}
