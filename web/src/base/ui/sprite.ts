import markup from './symbols.svg?raw'

/** Puts the sprite into the page once; `Glyph.svelte` refers to its parts by name. */
export function installSprite(): void {
  const parsed = new DOMParser().parseFromString(markup, 'image/svg+xml').documentElement
  const sprite = document.importNode(parsed, true)
  sprite.setAttribute('style', 'position:absolute')
  document.body.prepend(sprite)
}
