import type { LocalizedText } from '#contract/text.ts'
import type { RejectReason } from '#contract/telemetry.ts'
import { HOUR, type Instant } from '../../domain/instant.ts'
import { visitLines, type ReadingsFile } from './lines.ts'
import { createRowReader, type Row, type RowReader } from './row.ts'
import { createRowSorter, MAX_SORTED } from './sort.ts'

/** What a first look at a file tells: whether its lines come in the order that they were received in. */
export interface Survey {
  readonly lines: number
  readonly ordered: boolean
  readonly hasReceived: boolean
  /** Lines by hour of arrival. */
  readonly hours: ReadonlyMap<number, number>
}

export class UnreadableReadings extends Error {
  override readonly name = 'UnreadableReadings'
  readonly said: LocalizedText

  constructor(said: LocalizedText) {
    super(said.en)
    this.said = said
  }
}

/** Reads only the times. Throws `UnreadableReadings` when the header lacks a column. */
export async function surveyReadings(file: ReadingsFile, progress?: (n: number) => void): Promise<Survey> {
  const top: { reader?: RowReader } = {}
  let last = -Infinity
  let ordered = true
  let lines = 0
  const hours = new Map<number, number>()
  let hour = Number.NaN
  let inHour = 0
  const closeHour = (): void => {
    if (inHour > 0) hours.set(hour, (hours.get(hour) ?? 0) + inHour)
    inHour = 0
  }
  await visitLines(file, {
    header: (line) => {
      top.reader = readerOf(line)
    },
    line(line) {
      lines += 1
      const at = top.reader?.receivedAt(line)
      if (at === undefined) return
      if (at < last) ordered = false
      last = at
      const its = Math.floor(at / HOUR)
      if (its !== hour) {
        closeHour()
        hour = its
      }
      inHour += 1
    },
    ...(progress === undefined ? {} : { progress }),
  })
  closeHour()
  if (top.reader === undefined)
    throw new UnreadableReadings({ zh: '读数文件是空的', en: 'the file of readings is empty' })
  return { lines, ordered, hasReceived: top.reader.hasReceived, hours }
}

export interface RowVisit {
  row(row: Row): void
  bad(reason: RejectReason, lineNumber: number): void
  progress?(characters: number): void
}

/**
 * Every row in order of arrival; equal instants keep the file's order. An unordered file is read once for
 * each stretch of time that can be sorted in bounded memory. Says whether times without offset were met.
 */
export async function readInOrder(file: ReadingsFile, survey: Survey, visit: RowVisit): Promise<boolean> {
  if (survey.ordered) return readOnce(file, visit)
  let local = false
  for (const [n, stretch] of stretchesOf(survey.hours).entries()) {
    const sorter = createRowSorter(stretch.from)
    local = await readOnce(file, {
      within: stretch,
      row: (row) => {
        sorter.add(row)
      },
      bad: (reason, lineNumber) => {
        if (n === 0) visit.bad(reason, lineNumber)
      },
      ...(visit.progress === undefined ? {} : { progress: visit.progress }),
    })
    sorter.each(visit.row)
  }
  return local
}

interface Stretch {
  readonly from: Instant
  readonly to: Instant
}

async function readOnce(
  file: ReadingsFile,
  visit: RowVisit & { readonly within?: Stretch },
): Promise<boolean> {
  const row: Row = { ts: 0, received: 0, device: '', signal: '', value: 0 }
  const { within } = visit
  const top: { reader?: RowReader } = {}
  await visitLines(file, {
    header: (line) => {
      top.reader = readerOf(line)
    },
    line(line, number) {
      const reason = top.reader?.read(line, row)
      if (reason !== undefined) visit.bad(reason, number)
      else if (within === undefined || (row.received >= within.from && row.received < within.to))
        visit.row(row)
    },
    ...(visit.progress === undefined ? {} : { progress: visit.progress }),
  })
  return top.reader?.localTimes() ?? false
}

function readerOf(header: string): RowReader {
  const reader = createRowReader(header)
  if (!('missing' in reader)) return reader
  const missing = reader.missing.join(', ')
  throw new UnreadableReadings({
    zh: `表头应为 ts,device,signal,value[,received];缺少:${missing}`,
    en: `the header must be ts,device,signal,value[,received]; missing: ${missing}`,
  })
}

/** Passes over an unordered file: `stretchesOf(hours).length`. */
export function stretchesOf(hours: ReadonlyMap<number, number>): readonly Stretch[] {
  const found: Stretch[] = []
  let [first, held] = [Number.NaN, 0]
  const sorted = [...hours].sort(([a], [b]) => a - b)
  for (const [hour, lines] of sorted) {
    if (lines > MAX_SORTED) {
      throw new UnreadableReadings({
        zh: `一小时内有 ${String(lines)} 行未按顺序,超出可排序的数量:请先按时间排序文件`,
        en: `${String(lines)} lines of one hour are not in order, more than can be sorted here: sort the file by time first`,
      })
    }
    if (held + lines > MAX_SORTED && held > 0) {
      found.push({ from: first * HOUR, to: hour * HOUR })
      held = 0
    }
    if (held === 0) first = hour
    held += lines
  }
  if (held > 0) found.push({ from: first * HOUR, to: Infinity })
  return found
}
