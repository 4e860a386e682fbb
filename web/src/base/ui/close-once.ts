import { onDestroy } from 'svelte'

/** What closes a form, called at its birth: an answer that comes when the form is gone shuts no other. */
export function whileHere(close: () => void): () => void {
  let gone = false
  onDestroy(() => (gone = true))
  return () => {
    if (!gone) close()
  }
}
