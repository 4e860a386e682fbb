import { onDestroy, tick } from 'svelte'

const CHOICES = 'button, summary, a[href]'

/**
 * For what opens over the work, at its birth: when it goes and takes the focus with it, the focus is given
 * back to where it was. A button that was drawn anew meanwhile is found by its words; where there is none
 * any more, the panel around it has the focus, so that Tab goes on from there.
 */
export function givesFocusBack(): void {
  const before = document.activeElement
  if (!(before instanceof HTMLElement) || before === document.body) return
  const around = ancestors(before)
  const words = before.textContent
  onDestroy(async () => {
    await tick()
    const now = document.activeElement
    if (now instanceof HTMLElement && now !== document.body && !around.includes(now)) return
    const place = around.find((node) => node.isConnected)
    const twin = [...(place?.querySelectorAll<HTMLElement>(CHOICES) ?? [])].find(
      (node) => node.textContent === words,
    )
    const panel = around.find((node) => node.isConnected && node.matches('[tabindex]'))
    const target = before.isConnected ? before : (twin ?? panel)
    target?.focus({ preventScroll: true })
  })
}

function ancestors(node: HTMLElement): readonly HTMLElement[] {
  const found: HTMLElement[] = []
  for (let up = node.parentElement; up !== null; up = up.parentElement) found.push(up)
  return found
}
