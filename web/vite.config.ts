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
                  ...{ rel: 'modulepreload', media: '(min-width: 1100px)', crossorigin: true },
                  href: `/${part.fileName}`,
                },
              },
            ]
          : [],
      ),
  },
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [svelte(), mapEarly],
  // The chunk of the map is MapLibre itself; it is loaded after the lists are on the screen.
  // One style sheet: a chunk that comes later, perhaps over a bad network, never comes without its looks.
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 1300,
    cssCodeSplit: false,
  },
  worker: { format: 'es' },
})
