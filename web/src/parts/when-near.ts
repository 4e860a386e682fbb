const tellers = new WeakMap<Element, (isNear: boolean) => void>()
const observers = new WeakMap<Element, IntersectionObserver>()

/** Tells whether an element of a list is within a screen of what is seen, until it is let go. */
export function whenNear(element: HTMLElement, tell: (isNear: boolean) => void): () => void {
  const root = scrollerOf(element)
  const observer = observerOf(root ?? document.documentElement, root)
  tellers.set(element, tell)
  observer.observe(element)
  return () => observer.unobserve(element)
}

/** What moves when the list is scrolled: the list itself, or the page that it lies on. */
function scrollerOf({ parentElement }: Element): Element | null {
  if (parentElement === null) return null
  return /auto|scroll/.test(getComputedStyle(parentElement).overflowY)
    ? parentElement
    : scrollerOf(parentElement)
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
