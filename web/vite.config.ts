import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig, type HtmlTagDescriptor, type Plugin } from 'vite'

/** The map's code sets out with the page's own instead of after it; a phone does without until it is asked for. */
const mapEarly: Plugin = {
  name: 'map-early',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle = {} }) =>
      Object.values(bundle).flatMap((part): HtmlTagDescriptor[] =>
        part.type === 'chunk' && ['network-map', 'maplibre-gl'].includes(part.name)
          ? [
              {
                tag: 'link',
                injectTo: 'head',
                attrs: {
                  rel: 'modulepreload',
                  media: '(min-width: 1100px)',
                  crossorigin: true,
                  href: `/${part.fileName}`,
                },
              },
            ]
          : [],
      ),
  },
}

const TEXT = /\.(js|css|html|svg|json|webmanifest)$/
/** Less than a packet of the network saves nobody a wait. */
const WORTH_BYTES = 1400

/** Beside each file of text the same compressed: the page comes to a phone in a third of the bytes. */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  writeBundle({ dir = '' }) {
    for (const file of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
      if (!TEXT.test(file)) continue
      const bytes = readFileSync(join(dir, file))
      if (bytes.length > WORTH_BYTES) writeFileSync(join(dir, `${file}.gz`), gzipSync(bytes, { level: 9 }))
    }
  },
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [svelte(), mapEarly, compressed],
  // The chunk of the map is MapLibre itself, which is larger than the usual limit.
  // One style sheet: a chunk that comes later, perhaps over a bad network, never comes without its looks.
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 1300,
    cssCodeSplit: false,
    // Who starts the demo wants the page, not where its build took how long.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  worker: { format: 'es' },
})
