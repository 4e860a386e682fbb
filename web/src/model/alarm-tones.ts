/** What is heard: an emergency of the highest level, one of the next, the system itself. */
export type AlarmSound = 'special' | 'first' | 'system'

interface Tone {
  readonly atMs: number
  readonly hz: number
  readonly ms: number
}

interface Pattern {
  readonly tones: readonly Tone[]
  /** From one beginning to the next, while nobody acknowledges. */
  readonly everyMs: number
}

/** Told apart with closed eyes: three fast rising pairs; two even strokes; one low falling call. */
export const PATTERNS: Readonly<Record<AlarmSound, Pattern>> = {
  special: {
    tones: [0, 320, 640].flatMap((atMs) => [
      { atMs, hz: 880, ms: 130 },
      { atMs: atMs + 150, hz: 1320, ms: 130 },
    ]),
    everyMs: 2_500,
  },
  first: {
    tones: [
      { atMs: 0, hz: 660, ms: 220 },
      { atMs: 420, hz: 660, ms: 220 },
    ],
    everyMs: 6_000,
  },
  system: {
    tones: [
      { atMs: 0, hz: 392, ms: 350 },
      { atMs: 380, hz: 294, ms: 500 },
    ],
    everyMs: 12_000,
  },
}

const HOUR = 3_600_000
const SHANGHAI_MS = 8 * HOUR
const SHIFT_MS = 12 * HOUR
/** Shifts change at 08:00 and 20:00. */
const HANDOVER_MS = 8 * HOUR

/** Names the twelve-hour shift of an instant; the next shift does not inherit a muted alarm. */
export function shiftOf(at: number): string {
  return String(Math.floor((at + SHANGHAI_MS - HANDOVER_MS) / SHIFT_MS))
}

/** When the shift that holds `at` ends, ms since the epoch. */
export function shiftEnd(at: number): number {
  return (Number(shiftOf(at)) + 1) * SHIFT_MS - SHANGHAI_MS + HANDOVER_MS
}
