import { mount } from 'svelte'
import '../base/ui/tokens.css'
import '../base/ui/base.css'
import '../base/ui/shared.css'
import App from './App.svelte'
import { underlayFor } from '../parts/underlay/basemap.ts'
import { network } from '../model/network.svelte.ts'
import { preferences } from '../model/preferences.svelte.ts'
import { session } from '../model/session.svelte.ts'
import { viewport } from '../model/viewport.svelte.ts'
import { installSprite } from '../base/ui/sprite.ts'

const target = document.getElementById('app')
if (target === null) throw new Error('index.html has no #app')
// What takes longest sets out first, while the page is still being built; to a stranger it is refused.
void network.load()
void session.ask()
if (!viewport.narrow) {
  import('../features/map/network-map.ts').catch(() => undefined)
  void underlayFor(preferences.theme)
}
installSprite()
// A phone at a well has its page also without a signal; a desk is never without the server.
if (viewport.narrow && 'serviceWorker' in navigator)
  void navigator.serviceWorker.register('/service-worker.mjs')
mount(App, { target })
