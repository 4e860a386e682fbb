/** Chance that is the same for the same seed and the same question, in whatever order it is asked. */

/** A number in [0, 1) for a seed and a key. */
export function uniform(seed: number, ...key: readonly (string | number)[]): number {
  let hash = seed >>> 0
  for (const part of key) {
    hash = typeof part === 'number' ? mixNumber(hash, part) : mixText(hash, part)
  }
  return finish(hash) / 4294967296
}

/** A standard normal number for a seed and a key (Box–Muller). */
export function normal(seed: number, ...key: readonly (string | number)[]): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(seed, ...key)))
  return radius * Math.cos(2 * Math.PI * uniform(seed, ...key, 1))
}

/** A number in [low, high) for a seed and a key. */
export function between(
  seed: number,
  [low, high]: readonly [number, number],
  ...key: (string | number)[]
): number {
  return low + (high - low) * uniform(seed, ...key)
}

/** Smooth noise of about standard deviation 1 that changes over `periodMs` (value noise, cosine steps). */
export function smoothNoise(seed: number, key: string, atMs: number, periodMs: number): number {
  const step = atMs / periodMs
  const low = Math.floor(step)
  const share = (1 - Math.cos(Math.PI * (step - low))) / 2
  return normal(seed, key, low) * (1 - share) + normal(seed, key, low + 1) * share
}

function mixText(hash: number, text: string): number {
  let mixed = hash ^ 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) mixed = Math.imul(mixed ^ text.charCodeAt(i), 16777619)
  return mixed
}

function mixNumber(hash: number, value: number): number {
  const high = Math.floor(value / 4294967296)
  const fraction = Math.floor((value - Math.floor(value)) * 4294967296)
  return finish(finish(finish(hash ^ Math.floor(value)) ^ high) ^ fraction)
}

function finish(hash: number): number {
  let mixed = hash
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
