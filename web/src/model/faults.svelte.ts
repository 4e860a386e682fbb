import { SvelteSet } from 'svelte/reactivity'
import type { LiveAlarm } from '#contract/live.ts'
import { live } from './live-feed.svelte.ts'
import { openFaults } from './heard.ts'

/** The system's own alarms at this screen; a fault is nobody's ticket, so it is acknowledged here. */
class Faults {
  readonly #acknowledged = new SvelteSet<string>()
  readonly open: readonly LiveAlarm[] = $derived(openFaults(live.lines, this.#acknowledged))

  acknowledge(): void {
    for (const { id } of this.open) this.#acknowledged.add(id)
  }
}

export const faults = new Faults()
