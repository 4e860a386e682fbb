import { backoffMs } from '../base/api/backoff.ts'
import { live } from './live-feed.svelte.ts'

/** With the link up, so many vain attempts mean that the server has a newer page and this one must reload. */
const ENOUGH = 4

/** A part of the page that is fetched later. While the network is away it is asked for again. */
export async function later<T>(part: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await part()
    } catch (error) {
      if (failures >= ENOUGH && live.link === 'live') throw error
      await new Promise((resolve) => setTimeout(resolve, backoffMs(failures, Math.random())))
    }
  }
}
