import { untrack } from 'svelte'
import type { Attachment } from 'svelte/attachments'

/** A form that opens has the focus, on what is marked `data-first` or else on its first field; Esc closes it and Ctrl+Enter sends it, from anywhere inside. */
export function formKeys(close: () => void): Attachment<HTMLFormElement> {
  return (form) => {
    const first =
      form.querySelector<HTMLElement>('[data-first]') ??
      form.querySelector<HTMLElement>('textarea, input, select, button')
    untrack(() => !form.contains(document.activeElement) && first?.focus())
    const pressed = (event: KeyboardEvent): void => {
      if (event.isComposing || event.keyCode === 229) return
      if (event.key === 'Escape') close()
      else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit()
      else return
      event.preventDefault()
      event.stopPropagation()
    }
    form.addEventListener('keydown', pressed)
    return () => form.removeEventListener('keydown', pressed)
  }
}
