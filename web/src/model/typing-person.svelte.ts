import { isTyping } from './typing.ts'

/** Whether somebody is writing now, and where; moving on from one field to the next is still writing. */
class TypingPerson {
  active = $state(false)
  /** The field that was written in last. */
  field: HTMLElement | undefined

  constructor() {
    addEventListener('focusin', ({ target }) => {
      if (isAtWork(target) && target instanceof HTMLElement) this.field = target
      this.#set(isAtWork(target))
    })
    addEventListener('focusout', ({ relatedTarget }) => this.#set(isAtWork(relatedTarget)))
  }

  /** A field that is taken off the page says so in the middle of drawing, when nothing may be changed. */
  #set(active: boolean): void {
    queueMicrotask(() => (this.active = active))
  }

  /** Back to where the person was, if that still exists. */
  resume(): void {
    if (this.field?.isConnected === true) this.field.focus()
  }
}

/** Writing a name and a password is no work that could be lost. */
function isAtWork(target: EventTarget | null): boolean {
  return isTyping(target) && target instanceof Element && target.closest('[data-sign-in]') === null
}

export const typingPerson = new TypingPerson()
