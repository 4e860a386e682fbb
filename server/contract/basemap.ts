import Type from 'typebox'

const shared = {
  attribution: Type.String({ description: 'to be shown on the map' }),
  maxZoom: Type.Integer({ description: 'beyond it tiles are stretched' }),
}

/** What lies under the network on the map (`GET /basemap`). Tiles are WGS 84 or CGCS2000, Web Mercator. */
export const BasemapView = Type.Union([
  Type.Object({ kind: Type.Literal('none') }),
  Type.Object({ kind: Type.Literal('pmtiles'), url: Type.String(), ...shared }),
  Type.Object({ kind: Type.Literal('raster'), tiles: Type.String(), ...shared }),
  Type.Object({ kind: Type.Literal('style'), url: Type.String(), ...shared }),
])
export type BasemapView = Type.Static<typeof BasemapView>
