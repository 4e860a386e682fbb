import gcoord from 'gcoord'
import type { Position } from '#contract/identity.ts'

interface Transform {
  readonly transform: (at: [number, number], from: 'WGS84', to: 'GCJ02') => [number, number]
}
/** The package says `default` twice where a bundler does not read it. */
const library: object = gcoord
const { transform } = ('default' in library ? library.default : library) as Transform

export interface NavigationLink {
  readonly app: 'amap' | 'baidu' | 'tencent'
  readonly href: string
}

/**
 * Links that open a map app at a place. `position` is WGS 84; the apps want GCJ-02, and mixing them is
 * about 500 m wrong. Addresses: lbs.amap.com “URI API”, lbsyun.baidu.com “URI API”, lbs.qq.com “URI API”.
 */
export function navigationLinks(position: Position, name: string): readonly NavigationLink[] {
  const [lon, lat] = transform([position[0], position[1]], 'WGS84', 'GCJ02')
  const [x, y] = [lon.toFixed(6), lat.toFixed(6)]
  const query = (values: Record<string, string>): string => new URLSearchParams(values).toString()
  return [
    {
      app: 'amap',
      href: `https://uri.amap.com/navigation?${query({ to: `${x},${y},${name}`, mode: 'car', coordinate: 'gaode', callnative: '1', src: 'wellwatch' })}`,
    },
    {
      app: 'baidu',
      href: `https://api.map.baidu.com/marker?${query({ location: `${y},${x}`, title: name, content: name, coord_type: 'gcj02', output: 'html', src: 'wellwatch' })}`,
    },
    {
      app: 'tencent',
      href: `https://apis.map.qq.com/uri/v1/routeplan?${query({ type: 'drive', to: name, tocoord: `${y},${x}`, policy: '0', referer: 'wellwatch' })}`,
    },
  ]
}
