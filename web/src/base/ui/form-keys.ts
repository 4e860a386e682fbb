import { untrack } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import { formKey, type FormStand } from './form-key.ts'

/** A form that opens has the focus, on what is marked `data-first` or else on its first field, unless `focus` is false; Esc closes it while nobody has touched it and Ctrl+Enter sends it, from anywhere inside. */
export function formKeys(
  stand: () => FormStand,
  close: () => void,
  focus: FocusOptions | false = {},
): Attachment<HTMLFormElement> {
  return (form) => {
    const first =
      form.querySelector<HTMLElement>('[data-first]') ??
      form.querySelector<HTMLElement>('textarea, input, select, button')
    untrack(() => focus !== false && !form.contains(document.activeElement) && first?.focus(focus))
    const pressed = (event: KeyboardEvent): void => {
      const meant = formKey(event, stand())
      if (meant === undefined) return
      if (meant === 'close') close()
      else if (meant === 'send') form.requestSubmit()
      event.preventDefault()
      event.stopPropagation()
    }
    // The button that was pressed is shut while it sends, and the focus falls out of the form with it.
    const pressedNowhere = (event: KeyboardEvent): void => {
      if (stand().busy && document.activeElement === document.body) pressed(event)
    }
    form.addEventListener('keydown', pressed)
    addEventListener('keydown', pressedNowhere, true)
    return () => {
      form.removeEventListener('keydown', pressed)
      removeEventListener('keydown', pressedNowhere, true)
    }
  }
}
