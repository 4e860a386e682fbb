import { setFlagsFromString } from 'node:v8'

/** How much a heap may grow over what a collection has left, before the next one [%]. */
const HEAP_GROWTH_PERCENT = 40

/**
 * Lets no thread gather much garbage. V8 lets a small heap grow fourfold before it collects, so a device that
 * invents names of signals would cost hundreds of megabytes of dead names; and the large young generation that
 * the command line gives is for the main thread alone, which holds messages until they are judged.
 * Threads that begin after this call take theirs from their own resource limits.
 */
export function limitGarbage(): void {
  setFlagsFromString(`--heap-growing-percent=${String(HEAP_GROWTH_PERCENT)}`)
  setFlagsFromString('--max-semi-space-size=0')
}
