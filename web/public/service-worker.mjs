/* The page's shell for phones: hashed files from the cache, the page itself from the network first.
   Nothing of the API is ever kept: an old answer about a hazard is worse than none. */
const SHELL = 'wellwatch-shell-2'
const BESIDE = ['/favicon.svg', '/manifest.webmanifest']

addEventListener('install', (event) => {
  event.waitUntil(takeShell())
})

addEventListener('activate', (event) => {
  const old = caches.keys().then((names) => names.filter((name) => name !== SHELL))
  event.waitUntil(
    old.then((names) => Promise.all(names.map((name) => caches.delete(name)))).then(() => clients.claim()),
  )
})

addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (request.mode === 'navigate' && !/^\/(api|livez|readyz|metrics)/.test(url.pathname)) {
    event.respondWith(networkFirst(event))
  } else if (url.pathname.startsWith('/assets/') || BESIDE.includes(url.pathname)) {
    event.respondWith(cacheFirst(request))
  }
})

/** The page with all that it names: a phone that was here once starts again without a signal. */
async function takeShell() {
  const cache = await caches.open(SHELL)
  const page = await fetch('/', { cache: 'no-store' })
  if (!page.ok) throw new Error(`the page answered ${page.status}`)
  await keepPage(cache, page)
  await cache.addAll(BESIDE)
}

async function keepPage(cache, page) {
  const files = [...(await page.clone().text()).matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path)
  const known = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname))
  const fresh = files.filter((path) => !known.has(path))
  await cache.addAll(fresh)
  // A newer page: what it does not name is fetched anew when it is wanted.
  const stale = fresh.length === 0 ? [] : [...known].filter((path) => !files.includes(path))
  await Promise.all(stale.filter((path) => path.startsWith('/assets/')).map((path) => cache.delete(path)))
  await cache.put('/', page)
}

async function networkFirst(event) {
  const cache = await caches.open(SHELL)
  try {
    const fresh = await fetch(event.request)
    if (fresh.ok) event.waitUntil(keepPage(cache, fresh.clone()).catch(() => undefined))
    return fresh
  } catch {
    return (await cache.match('/')) ?? Response.error()
  }
}

async function cacheFirst(request) {
  const cache = await caches.open(SHELL)
  const kept = await cache.match(request)
  if (kept !== undefined) return kept
  const fresh = await fetch(request)
  if (fresh.ok) await cache.put(request, fresh.clone())
  return fresh
}
