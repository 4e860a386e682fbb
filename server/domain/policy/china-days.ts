import type { WorkCalendar } from './calendar.ts'

const daysOf = (month: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `${month}-${String(from + index).padStart(2, '0')}`)

/**
 * Holidays as the State Council announced them, for the years known when this was written. A
 * CALENDAR_FILE replaces it; verify a new year against the notice of its November.
 */
export const CHINA_DAYS: WorkCalendar = {
  '2025': {
    holidays: [
      '2025-01-01',
      ...daysOf('2025-01', 28, 31),
      ...daysOf('2025-02', 1, 4),
      ...daysOf('2025-04', 4, 6),
      ...daysOf('2025-05', 1, 5),
      '2025-05-31',
      '2025-06-01',
      '2025-06-02',
      ...daysOf('2025-10', 1, 8),
    ],
    workdays: ['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11'],
  },
  '2026': {
    holidays: [
      ...daysOf('2026-01', 1, 3),
      ...daysOf('2026-02', 15, 23),
      ...daysOf('2026-04', 4, 6),
      ...daysOf('2026-05', 1, 5),
      ...daysOf('2026-06', 19, 21),
      ...daysOf('2026-09', 25, 27),
      ...daysOf('2026-10', 1, 7),
    ],
    workdays: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
  },
}
