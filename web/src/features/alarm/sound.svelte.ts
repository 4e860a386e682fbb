import { serverClock } from '../../model/server-clock.svelte.ts'
import { remember, remembered } from '../../model/memory.ts'
import { PATTERNS, shiftOf, type AlarmSound } from '../../model/alarm-tones.ts'

const MEMORY = 'sound.muted'
const LOUDNESS = 0.22
/** A click in the loudspeaker is what a tone without a ramp begins with. */
const RAMP_S = 0.012
/** The browser stops everything while it opens its loudspeakers: after the first picture, if nothing rings. */
const SOON_MS = 2000
/** A voice begins silent also where the browser allows it, and is heard a moment later. */
const SETTLE_MS = 1500

/** The alarm's voice. The browser allows it only after a person has touched the page. */
class Sound {
  /** True while the browser still forbids sound. */
  blocked = $state(false)
  /** True while what is played is heard. */
  running = $state(false)
  #mutedShift = $state(remembered(MEMORY))
  readonly muted: boolean = $derived(this.#mutedShift === shiftOf(serverClock.now))
  #context: AudioContext | undefined

  /** Silent for the rest of this shift, or heard again; the screen shows it as long as it lasts. */
  mute(on: boolean): void {
    this.#mutedShift = on ? shiftOf(serverClock.now) : undefined
    remember(MEMORY, this.#mutedShift)
  }

  /** Makes ready and watches whether the browser allows sound. Returns how to stop. */
  start(): () => void {
    // Not before the click is over: the banner goes, and what was pressed would no longer lie under it.
    const touched = (): void => void this.enable()
    const soon = setTimeout(() => this.open(), SOON_MS)
    addEventListener('click', touched)
    addEventListener('keydown', touched)
    return () => {
      clearTimeout(soon)
      removeEventListener('click', touched)
      removeEventListener('keydown', touched)
    }
  }

  /** Makes ready now: there is something to sound. */
  open(): AudioContext {
    if (this.#context !== undefined) return this.#context
    const context = new AudioContext()
    this.#context = context
    let settled = false
    const seen = (): void => {
      this.running = context.state === 'running'
      this.blocked = settled && !this.running
    }
    seen()
    context.addEventListener('statechange', seen)
    setTimeout(() => {
      settled = true
      seen()
    }, SETTLE_MS)
    return context
  }

  async enable(): Promise<void> {
    const context = this.open()
    if (context.state === 'suspended') await context.resume()
  }

  /** Plays a pattern until stopped. */
  repeat(sound: AlarmSound): () => void {
    this.play(sound)
    const timer = setInterval(() => this.play(sound), PATTERNS[sound].everyMs)
    return () => clearInterval(timer)
  }

  play(sound: AlarmSound): void {
    const context = this.open()
    if (context.state !== 'running') return
    for (const { atMs, hz, ms } of PATTERNS[sound].tones) {
      const from = context.currentTime + 0.02 + atMs / 1000
      const to = from + ms / 1000
      const tone = new OscillatorNode(context, { type: 'triangle', frequency: hz })
      const volume = new GainNode(context, { gain: 0 })
      volume.gain.setValueAtTime(0, from)
      volume.gain.linearRampToValueAtTime(LOUDNESS, from + RAMP_S)
      volume.gain.setValueAtTime(LOUDNESS, to - RAMP_S)
      volume.gain.linearRampToValueAtTime(0, to)
      tone.connect(volume).connect(context.destination)
      tone.start(from)
      tone.stop(to)
    }
  }
}

export const sound = new Sound()
