import type { DetectionView } from '#contract/detection.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { DetectionSettings } from '../../domain/detection/core/settings.ts'
import type { Network } from '../../domain/network/network.ts'
import { createTally } from './account.ts'
import type { BacktestChange } from './incidents.ts'
import type { ReadingsFile } from './lines.ts'
import { createMessageMaker } from './messages.ts'
import { readInOrder, stretchesOf, surveyReadings, UnreadableReadings } from './order.ts'
import { createReplay } from './replay.ts'
import type { Row } from './row.ts'

export interface BacktestRun {
  readonly network: Network
  readonly settings: DetectionSettings
  readonly readings: ReadingsFile
  say(change: BacktestChange): void
  /** How far it is, 0 … 1, and with what. */
  progress(share: number, doing: string): void
}

export interface BacktestDone {
  /** False: no line could be used. */
  readonly usable: boolean
  /** What was read, what could be watched and what not. */
  readonly account: readonly LocalizedText[]
}

/** Rows in order of arrival → changes, and the account of them. */
export function createRowReplay(parts: {
  readonly network: Network
  readonly settings: DetectionSettings
  say(change: BacktestChange): void
}) {
  const { network, settings, say } = parts
  const tally = createTally(network)
  const replay = createReplay({
    network,
    settings,
    say: (change) => {
      tally.change(change)
      say(change)
    },
  })
  const messages = createMessageMaker({ deliver: replay.take, reject: tally.rejected })
  return {
    bad: tally.bad,
    row(row: Row): void {
      tally.row(row)
      if (network.devices.has(row.device)) messages.add(row)
    },
    end(): BacktestDone {
      messages.flush()
      replay.end()
      return {
        usable: tally.used() > 0,
        account: [...tally.lines(replay.state), ...zoneLines(replay.account())],
      }
    },
  }
}

/** What the detector says of each connected network at the end of the readings. */
function zoneLines({ zones }: DetectionView): readonly LocalizedText[] {
  return zones.flatMap(({ id, watched, limits }) => [
    ...watched.map(({ zh, en }) => ({
      zh: `热网 ${id}:看得住:${zh}`,
      en: `network of ${id}: watched: ${en}`,
    })),
    ...limits.map(({ zh, en }) => ({
      zh: `热网 ${id}:受限:${zh}`,
      en: `network of ${id}: not possible: ${en}`,
    })),
  ])
}

function orderLine(ordered: boolean, hasReceived: boolean, passes: number): LocalizedText {
  const times = String(passes)
  if (!ordered) {
    const en = `order: not by time, sorted in ${times} ${passes === 1 ? 'pass' : 'passes'}`
    return { zh: `顺序:未按时间,分 ${times} 遍排序`, en }
  }
  return hasReceived
    ? { zh: '顺序:按接收时间', en: 'order: as received' }
    : { zh: '顺序:按 ts(没有 received 列)', en: 'order: as received (no column received: by ts)' }
}

/** The detector over recorded readings: the same readings always say the same. */
export async function backtest(run: BacktestRun): Promise<BacktestDone> {
  const { readings, progress } = run
  const replay = createRowReplay(run)
  try {
    const survey = await surveyReadings(
      readings,
      meter(readings.bytes, 1, (share) => progress(share / 3, 'order')),
    )
    const passes = survey.ordered ? 1 : stretchesOf(survey.hours).length
    const local = await readInOrder(readings, survey, {
      row: replay.row,
      bad: replay.bad,
      progress: meter(readings.bytes, passes, (share) => progress((1 + 2 * share) / 3, 'detector')),
    })
    const { usable, account } = replay.end()
    progress(1, 'done')
    return {
      usable,
      account: [
        orderLine(survey.ordered, survey.hasReceived, passes),
        ...(local
          ? [
              {
                zh: '没有时区的时间按北京时间(+08:00)计',
                en: "times without an offset were taken for Shanghai's (+08:00)",
              },
            ]
          : []),
        ...account,
      ],
    }
  } catch (error) {
    if (error instanceof UnreadableReadings) return { usable: false, account: [error.said] }
    throw error
  }
}

/** Tells the share of a file that has been read, in whole percents; characters stand for bytes. */
function meter(bytes: number, passes: number, tell: (share: number) => void): (characters: number) => void {
  let read = 0
  let told = -1
  return (characters) => {
    read += characters
    const percent = Math.min(100, Math.floor((100 * read) / Math.max(1, bytes * passes)))
    if (percent === told) return
    told = percent
    tell(percent / 100)
  }
}
