import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import type { Figure } from '../figure.ts'

const ROOT = new URL('../../../', import.meta.url).pathname
const PAGE = `${ROOT}web/dist`
const KB = 1000

/** Builds the page and weighs what a browser must have before it shows the lists: code and looks, packed. */
export async function measureBundle(): Promise<Figure> {
  await build({ configFile: `${ROOT}web/vite.config.ts`, logLevel: 'silent' })
  const html = readFileSync(`${PAGE}/index.html`, 'utf8')
  // What is for a wide screen alone is the map, which sets out at the same time.
  const own = html.replaceAll(/<link[^>]* media=[^>]*>/g, '')
  const files = [...own.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map(
    ([, file = '']) => file,
  )
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(PAGE + file)).length, 0)
  return {
    id: 'page-bundle',
    what: 'main bundle with its looks, gzipped, without the map',
    value: bytes / KB,
    unit: 'kB',
    target: { at: 'most', value: 250 },
  }
}
