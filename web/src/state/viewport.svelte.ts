import { MediaQuery } from 'svelte/reactivity'

const narrow = new MediaQuery('(max-width: 1099px)', false)

/** How this screen is used: the wall by its address, a phone or a tablet by its width. */
export const viewport = {
  wall: new URLSearchParams(location.search).get('wall') === '1',
  get narrow(): boolean {
    return narrow.current
  },
}
if (viewport.wall) document.documentElement.dataset['wall'] = ''
