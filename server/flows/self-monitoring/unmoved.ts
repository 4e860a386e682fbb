/** How long, ms, somebody who has something to do has made no step; 0 while there is nothing to do. */
export function createUnmoved(
  worker: { readonly position: () => number; readonly hasWork: () => boolean },
  monotonic: () => number = () => performance.now(),
): () => number {
  let position = worker.position()
  let since = monotonic()
  return () => {
    const now = worker.position()
    if (now !== position || !worker.hasWork()) since = monotonic()
    position = now
    return monotonic() - since
  }
}
