import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../../../server/domain/detection/catalogue.ts'
import { DAY, HOUR, instantText, MINUTE, SECOND } from '../../../server/domain/instant.ts'
import type { Network } from '../../../server/domain/network/network.ts'
import { backtest } from '../../../server/flows/backtest/backtest.ts'
import type { BacktestChange } from '../../../server/flows/backtest/incidents.ts'
import { aRowOfWells, time } from '../../support/detection-world.ts'
import { aNetwork, aWell, place } from '../../support/networks.ts'

const T = time('08:00:00')
const HEADER = 'ts,device,signal,value'

interface Told {
  readonly changes: readonly BacktestChange[]
  readonly account: string
  readonly usable: boolean
}

/** Reads a text in small pieces, so that lines are cut anywhere. */
async function run(text: string, network: Network = aRowOfWells(), piece = 37): Promise<Told> {
  const changes: BacktestChange[] = []
  const readings = {
    bytes: Buffer.byteLength(text),
    async *open() {
      for (let at = 0; at < text.length; at += piece) yield text.slice(at, at + piece)
    },
  }
  const done = await backtest({
    network,
    readings,
    settings: DEFAULT_SETTINGS,
    say: (change) => void changes.push(change),
    progress: () => undefined,
  })
  return {
    changes,
    account: done.account.map(({ zh, en }) => `${zh}\n${en}`).join('\n'),
    usable: done.usable,
  }
}

const said = ({ changes }: Told) =>
  changes.map((change) =>
    change.type === 'device'
      ? `${change.type} ${change.device.id} ${change.device.fault}`
      : change.type === 'upkeep'
        ? `${change.type} ${change.upkeep.id}`
        : `${change.type} ${change.incident.id} ${change.incident.kind} ${change.incident.state}`,
  )

/** An open cover at w1 from T on for ten minutes, then closed, with other wells beside it. */
function story(): string[] {
  const rows: string[] = []
  for (let n = -10; n < 30; n += 1) {
    const at = T + n * MINUTE
    const open = n >= 0 && n < 10
    rows.push(`${at},d-w1,cover_open,${open}`, `${at},d-w1,cover_tilt_deg,${open ? 75 : 2}`)
    rows.push(`${at},d-w2,cover_tilt_deg,2.5`, `${at},d-w2,chamber_c,${40 + (n % 3)}`)
  }
  return rows
}
const file = (rows: readonly string[], header = HEADER): string => [header, ...rows].join('\n')

describe('a backtest over recorded readings', () => {
  it('opens, updates and closes an incident at the instants of the readings', async () => {
    const told = await run(file(story()))
    expect(said(told)).toEqual([
      'opened incident-1 cover confirmed',
      'updated incident-1 cover cleared',
      'closed incident-1 cover closed',
    ])
    expect(told.changes.map(({ at }) => at)).toEqual([
      instantText(T + 30 * SECOND),
      instantText(T + 11 * MINUTE),
      instantText(T + 71 * MINUTE),
    ])
    expect(told.changes[0]).toMatchObject({ incident: { assetIds: ['w1'], located: true } })
    expect(told.usable).toBe(true)
  })

  it('says the same for the same rows in any order, with any line ends and spelling of time', async () => {
    const expected = (await run(file(story()))).changes
    const asText = story().map((row) => row.replace(/^\d+/, (ms) => instantText(Number(ms))))
    const asUtc = story().map((row) => row.replace(/^\d+/, (ms) => new Date(Number(ms)).toISOString()))
    const quoted = story().map((row) => row.replace(/d-w\d/, (id) => `"${id}"`))
    const turned = story().map((row) => row.split(',').reverse().join(','))
    const twice = story().flatMap((row) => [row, row])
    for (const text of [
      `\uFEFF${[HEADER, ...story()].join('\r\n')}\r\n`,
      file(asText),
      file(asUtc),
      file(quoted),
      file(turned, 'value,signal,device,ts'),
      file(twice),
      file(story().toReversed()),
    ]) {
      expect((await run(text)).changes).toEqual(expected)
    }
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(story(), { minLength: story().length }), async (rows) => {
        expect((await run(file(rows), undefined, 4000)).changes).toEqual(expected)
      }),
      { numRuns: 20 },
    )
  })

  it('opens a second incident when the same cover opens again a day later', async () => {
    const later = story().map((row) => row.replace(/^\d+/, (ms) => String(Number(ms) + DAY)))
    const told = await run(file([...story(), ...later]))
    expect(said(told).filter((line) => line.startsWith('opened'))).toEqual([
      'opened incident-1 cover confirmed',
      'opened incident-2 cover confirmed',
    ])
  })

  it('goes by the column received: a late batch raises when it comes in, at its own event time', async () => {
    const late = [0, 20, 40].map((s) => `${T + s * SECOND},d-w1,cover_tilt_deg,75,${T + 2 * HOUR}`)
    const other = [0, 1, 2, 3].map((h) => `${T + h * HOUR},d-w2,cover_tilt_deg,2,${T + h * HOUR}`)
    const told = await run(file([...late, ...other], `${HEADER},received`))
    expect(told.changes[0]).toMatchObject({ at: instantText(T + 2 * HOUR), type: 'opened' })
  })

  it('takes a reading without an arrival as one that came in when it was measured', async () => {
    const rows = [0, 20, 40].map((s) => `${T + s * SECOND},d-w1,cover_tilt_deg,75,`)
    const told = await run(file(rows, `${HEADER},received`))
    expect(told.changes[0]).toMatchObject({ at: instantText(T + 30 * SECOND), type: 'opened' })
  })

  it('lets holds expire at the end, and invents no silence', async () => {
    const told = await run(file([`${T - 50 * MINUTE},d-w2,cover_tilt_deg,2`, `${T},d-w1,cover_tilt_deg,75`]))
    expect(said(told)).toEqual(['opened incident-1 cover confirmed'])
    expect(told.changes[0]?.at).toBe(instantText(T + 30 * SECOND))
  })

  it('tells which devices fell silent before the end', async () => {
    const talk = Array.from({ length: 300 }, (_, n) => `${T + n * MINUTE},d-w2,cover_tilt_deg,2`)
    const told = await run(file([`${T},d-w1,cover_tilt_deg,2`, ...talk]))
    expect(said(told)).toEqual(['device d-w1 silence'])
  })
})

describe('bad lines of a backtest', () => {
  it('are counted by reason with the first line of each, and the rest is used', async () => {
    const bad = [
      `${T},d-w1,cover_open,maybe`,
      `${T},d-w1,cover_open`,
      'yesterday,d-w1,cover_open,true',
      `${Math.round(T / 1000)},d-w1,cover_open,true`,
      `${T},d-w1,chamber_c,nan`,
      `${T},d-w1,chamber_c,`,
      `${T},d-w1,chamber c,1`,
      `${T},"d-w1,chamber_c,1`,
    ]
    const told = await run(file([...bad, '', ...story()]))
    expect(told.account).toContain(
      'bad lines: 8: 1 wrong_type (first in line 2), 2 wrong_shape (first in line 3), 2 bad_time (first in line 4), ' +
        '1 not_finite (first in line 6), 1 no_values (first in line 7), 1 bad_signal_name (first in line 8)',
    )
    expect(said(told)).toContain('opened incident-1 cover confirmed')
  })

  it.each([
    ['nothing', ''],
    ['only a header', HEADER],
    ['no header', story().join('\n')],
    ['nothing that can be read', file(['a,b,c,d', 'x'])],
    ['nobody of this network', file([`${T},stranger,cover_open,true`])],
  ])('%s is no usable line', async (_name, text) => {
    const told = await run(text)
    expect(told.usable).toBe(false)
    expect(told.changes).toEqual([])
  })

  it('samples that are too old when they come in are refused as they are live', async () => {
    const told = await run(file([`${T - 31 * DAY},d-w1,cover_open,true,${T}`], `${HEADER},received`))
    expect(told.account).toContain('not taken: 1 samples, too_old')
    expect(told.changes).toEqual([])
  })
})

describe('the account of a backtest', () => {
  it('names strangers, extras, gaps, the unheard and what nothing could watch', async () => {
    const rows = [
      ...story(),
      `${T},stranger,cover_open,true`,
      `${T},d-w2,altitude,3`,
      `${T + 9 * DAY},d-w2,cover_tilt_deg,2`,
    ]
    const { account } = await run(file(rows))
    expect(account).toContain('unknown devices: 1 rows of 1 devices')
    expect(account).toContain('extra signals: 1 rows')
    expect(account).toContain('gaps: 1 longer than 6 h')
    expect(account).toContain('not heard: 7 devices')
    expect(account).toContain('watched: covers at 2 places')
    expect(account).toContain('not watched: stations')
    expect(account).toContain('s not watched for water loss: no readings of its make-up water')
    expect(account).toContain('未登记的设备:1 台,共 1 行')
    expect(account).toContain('空档:1 段超过 6 小时')
    expect(account).toContain('看不住:换热站,没有读数')
  })

  it('says that without a source there is no watch for water loss', async () => {
    const device = { id: 'd1', signals: ['cover_open'], intervalS: 60 }
    const island = aNetwork(aWell('w', place(0, 0), { devices: [device] }))
    const told = await run(file([`${T},d1,cover_open,true`]), island)
    expect(said(told)).toEqual(['opened incident-1 cover confirmed'])
    expect(told.account).toContain('the network has no source')
  })

  it('names a signal that never moves', async () => {
    const rows = Array.from({ length: 90 }, (_, n) => `${T + n * MINUTE},d-w1,chamber_c,40`)
    expect((await run(file(rows))).account).toContain('constant: d-w1 chamber_c')
  })
})
