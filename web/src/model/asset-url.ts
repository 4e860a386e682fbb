/** What the code on a well holds: the page of that well, which any camera opens. */
export function assetUrl(origin: string, assetId: string): string {
  return `${origin}/#asset/${encodeURIComponent(assetId)}`
}

/** The well that a scanned text names; undefined for any other text. */
export function assetIdOf(text: string): string | undefined {
  const found = /#asset\/([^/?#]+)$/.exec(text)?.[1]
  if (found === undefined || !text.includes('://')) return undefined
  try {
    return decodeURIComponent(found)
  } catch {
    return undefined // Not written by us.
  }
}
