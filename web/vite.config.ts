import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [svelte()],
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
