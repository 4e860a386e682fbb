/* The page's shell for phones: hashed files from the cache, the page itself from the network first.
   Nothing of the API is ever kept: an old answer about a hazard is worse than none. */
const SHELL = 'wellwatch-shell-1'

addEventListener('install', (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(['/', '/favicon.svg'])))
})

addEventListener('activate', (event) => {
  const old = caches.keys().then((names) => names.filter((name) => name !== SHELL))
  event.waitUntil(old.then((names) => Promise.all(names.map((name) => caches.delete(name)))))
})

addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (request.mode === 'navigate' && !url.pathname.startsWith('/api')) event.respondWith(networkFirst())
  else if (url.pathname.startsWith('/assets/')) event.respondWith(cacheFirst(request))

  async function networkFirst() {
    const cache = await caches.open(SHELL)
    try {
      const fresh = await fetch(request)
      if (fresh.ok) await cache.put('/', fresh.clone())
      return fresh
    } catch {
      return (await cache.match('/')) ?? Response.error()
    }
  }
})

async function cacheFirst(request) {
  const cache = await caches.open(SHELL)
  const kept = await cache.match(request)
  if (kept !== undefined) return kept
  const fresh = await fetch(request)
  if (fresh.ok) await cache.put(request, fresh.clone())
  return fresh
}
