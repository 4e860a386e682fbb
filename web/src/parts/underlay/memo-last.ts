/** Asks once for a key and keeps what came until another key is asked for; what did not come (undefined) is asked for again. */
export function askedOnce<Key, Value>(
  ask: (key: Key) => Promise<Value | undefined>,
): (key: Key) => Promise<Value | undefined> {
  let last: { readonly key: Key; readonly ready: Promise<Value | undefined> } | undefined
  return (key) => {
    if (last?.key === key) return last.ready
    const asked = { key, ready: ask(key) }
    last = asked
    void asked.ready.then((came) => {
      if (came === undefined && last === asked) last = undefined
    })
    return asked.ready
  }
}
