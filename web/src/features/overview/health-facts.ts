import type { SystemHealth } from '#contract/live.ts'
import type { Dictionary } from '../../base/i18n/texts.ts'

export interface HealthFact {
  readonly name: string
  readonly value: string
  readonly ok: boolean
}

/** Below this share of free space the journal is shown as a problem. */
const MIN_CAPACITY = 0.1
/** A consumer a few messages behind is at work; more is worth saying. */
const SHOWN_LAG = 500

/** The system's own state in the order of the way of a reading: link, messages, storage, detection. */
export function healthFacts(
  health: SystemHealth | undefined,
  link: 'connecting' | 'live' | 'lost',
  text: Pick<Dictionary, 'bar' | 'system'>,
): readonly HealthFact[] {
  const { bar, system } = text
  const linkFact: HealthFact = {
    name: bar.link,
    value: link === 'live' ? bar.normal : link === 'lost' ? bar.lost : bar.joining,
    ok: link !== 'lost',
  }
  if (health === undefined) return [linkFact]
  const part = (name: string, ok: boolean, lag: number): HealthFact => ({
    name,
    value: !ok ? bar.stopped : lag > SHOWN_LAG ? bar.behind(lag.toLocaleString('en')) : bar.normal,
    ok: ok && lag <= SHOWN_LAG,
  })
  // Nobody knows how the server is while it cannot be heard; an old “normal” would be a lie.
  if (link === 'lost') {
    const unknown = (name: string): HealthFact => ({ name, value: bar.unknown, ok: true })
    return [linkFact, ...[bar.messages, bar.store, bar.detector, system.channels].map(unknown)]
  }
  const roomy = health.journal.capacityLeft >= MIN_CAPACITY
  return [
    linkFact,
    {
      name: bar.messages,
      value: bar.perMinute(Math.round(health.broker.messagesPerMinute).toLocaleString('en')),
      ok: health.broker.ok,
    },
    roomy && health.journal.ok
      ? part(bar.store, health.store.ok, health.store.lagMessages)
      : { name: bar.store, value: bar.journalFull, ok: false },
    part(bar.detector, health.detector.ok, health.detector.lagMessages),
    { name: system.channels, value: channels(health.channels, text), ok: health.channels.failing === 0 },
  ]
}

/** None set up is a choice and no fault, but whoever looks away from the screen should know it. */
function channels(
  { configured, failing }: SystemHealth['channels'],
  { bar, system }: Pick<Dictionary, 'bar' | 'system'>,
): string {
  if (failing > 0) return bar.stopped
  return configured === 0 ? system.noChannels : bar.normal
}
