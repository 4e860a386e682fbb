const PREFIX = 'wellwatch.'

/** What this browser remembers; a browser that forbids storage only forgets. */
export function remembered(name: string): string | undefined {
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined
  } catch {
    return undefined // Storage is switched off in this browser.
  }
}

export function remember(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(PREFIX + name)
    else localStorage.setItem(PREFIX + name, value)
  } catch {
    // Full or switched off: the page works without, only the next visit starts afresh.
  }
}
