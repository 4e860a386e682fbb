const tellers = new WeakMap<Element, (isNear: boolean) => void>()
const observers = new WeakMap<Element, IntersectionObserver>()

/** Tells whether an element of a list is within a screen of what is seen, until it is let go. */
export function whenNear(element: Element, tell: (isNear: boolean) => void): () => void {
  const root = element.closest('.rows')
  const observer = observerOf(root ?? document.documentElement, root)
  tellers.set(element, tell)
  observer.observe(element)
  return () => observer.unobserve(element)
}

/** One for all rows of a list. */
function observerOf(key: Element, root: Element | null): IntersectionObserver {
  const known = observers.get(key)
  if (known !== undefined) return known
  const told = (seen: readonly IntersectionObserverEntry[]): void => {
    for (const { target, isIntersecting } of seen) tellers.get(target)?.(isIntersecting)
  }
  const observer = new IntersectionObserver(told, { root, rootMargin: '100% 0px' })
  observers.set(key, observer)
  return observer
}
