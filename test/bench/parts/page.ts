import type { Browser, Page } from 'playwright-core'
import { drawTown } from '../../../simulators/town/town.ts'
import { place } from '../../support/networks.ts'
import { percentile, type Figure, type Part, type Run } from '../figure.ts'
import { benchNetwork } from '../network.ts'
import { openBrowser, openDesk, signIn, until } from '../page/browser.ts'
import { measureBundle } from '../page/bundle.ts'
import { measureChanges, takeCall } from '../page/changes.ts'
import { FEED, measureDay } from '../page/day.ts'
import { measureKeys, measurePan } from '../page/work.ts'
import { SECRET, startServer } from '../server.ts'

/** The page in headless Chromium: weight, first picture, changes, a day, and a large town. */
export const page: Part = async (run) => {
  const bundle = await measureBundle()
  const browser = await openBrowser()
  try {
    return [bundle, ...(await onDemoTown(run, browser)), ...(await onLargeTown(run, browser))]
  } finally {
    await browser.close()
  }
}

const WELLS = 5000
const OPENINGS = 5
const TICKETS = 500

/** From setting out for the page until its map stands, ms. */
async function drawnAfter(desk: Page): Promise<number> {
  await until(desk, `performance.getEntriesByName('map-drawn').length > 0`)
  return desk.evaluate<number>(`performance.getEntriesByName('map-drawn')[0].startTime`)
}

async function onDemoTown(run: Run, browser: Browser): Promise<Figure[]> {
  const server = await startServer(drawTown(1))
  try {
    const who = await signIn(server.url, 'dispatcher', SECRET)
    const took: number[] = []
    let desk = await openDesk(browser, who)
    for (let n = 0; n < OPENINGS; n += 1) {
      if (n > 0) {
        await desk.context().close()
        desk = await openDesk(browser, who)
      }
      took.push(await drawnAfter(desk))
    }
    run.say(`the town is drawn after ${took.map((ms) => ms.toFixed(0)).join(', ')} ms`)
    const changes = await measureChanges(desk, who, {
      rounds: run.quick ? 10 : 60,
      id: 'page-change',
      what: 'call sent → row on another screen',
      call: { kind: 'consult', contact: 'consult' },
    })
    return [
      {
        id: 'page-first-map',
        what: "opening the page to the demo town's map drawn, median of five",
        value: percentile(took, 0.5),
        unit: 'ms',
        target: { at: 'most', value: 2000 },
      },
      ...changes,
    ]
  } finally {
    await server.remove()
  }
}

/** Wells and pipes of a large city, half of the wells with a device, and a bad night's open tickets. */
async function onLargeTown(run: Run, browser: Browser): Promise<Figure[]> {
  const server = await startServer(benchNetwork(WELLS / 2, WELLS / 2))
  try {
    const who = await signIn(server.url, 'dispatcher', SECRET)
    for (let n = 0; n < TICKETS; n += 1) await takeCall(who, callAt(n))
    run.say(`${String(TICKETS)} tickets are open`)
    const desk = await openDesk(browser, who)
    const drawn = await drawnAfter(desk)
    const figures: Figure[] = [
      {
        id: 'page-large-map',
        what: "to a large town's map, 10,000 assets and 500 tickets",
        value: drawn,
        unit: 'ms',
      },
      ...(await measurePan(desk)),
      // At the head of the list: what is far from where it is read is not drawn.
      ...(await measureChanges(desk, who, {
        rounds: run.quick ? 10 : 60,
        id: 'page-large-change',
        what: 'the same with 10,000 assets and 500 tickets',
        call: { ...callAt(2), position: place(-900, -900) },
      })),
      await measureKeys(desk, 40),
    ]
    await desk.context().close()
    const fed = await openDesk(browser, who, FEED)
    return [...figures, ...(await measureDay(fed, { share: run.quick ? 0.02 : 1, say: run.say }))]
  } finally {
    await server.remove()
  }
}

function callAt(n: number): object {
  const kinds = ['not_hot', 'consult', 'cover', 'well_vent', 'primary_leak', 'complaint'] as const
  const kind = kinds[n % kinds.length] ?? 'not_hot'
  return {
    kind,
    contact: kind === 'complaint' ? 'complaint' : 'consult',
    address: `${String(n)} 号`,
    position: place(((n * 37) % 40) * 150, ((n * 61) % 120) * 150),
    beganUnknown: '不详',
    sceneUnknown: '不详',
    join: 'new',
  }
}
