import type { Page } from 'playwright-core'
import type { Figure } from '../figure.ts'
import { until } from './browser.ts'

/**
 * Hands the page a feed of its own: what the server said first, then as many changes as a day brings, as
 * fast as the page takes them. Runs in the browser, before the page.
 */
export const FEED = `(() => {
  const real = window.fetch
  const ROOM = 1000
  const pause = () => new Promise((resolve) => setTimeout(resolve))
  window.fetch = async (input, options) => {
    if (!String(input).endsWith('/live')) return real(input, options)
    const answer = await real(input, options)
    const [first, rest] = answer.body.tee()
    void rest.cancel()
    return new Response(new ReadableStream({ start: (controller) => void feed(first, controller) }, { highWaterMark: ROOM }), { status: 200 })
  }
  async function feed(stream, controller) {
    const text = new TextEncoder()
    const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
    let heard = ''
    while (!heard.includes('\\n\\n', heard.indexOf('event: snapshot'))) heard += (await reader.read()).value
    void reader.cancel()
    controller.enqueue(text.encode(heard))
    const data = heard.split('\\n').find((line) => line.startsWith('data: {"now"') || line.includes('"tickets"'))
    const snapshot = JSON.parse(data.slice(6))
    const { assets, tickets } = snapshot
    window.pump = async (changes, perTicket) => {
      for (let n = 0; n < changes; n += 1) {
        const ticket = n % perTicket === 0
        const of = ticket ? tickets : assets
        const one = of[Math.floor(n / (ticket ? perTicket : 1)) % of.length]
        if (ticket) one.version += 1
        else for (const device of one.devices) device.values = { pressure_mpa: 0.6 + (n % 100) / 1000 }
        controller.enqueue(text.encode('event: ' + (ticket ? 'ticket' : 'asset') + '\\ndata: ' + JSON.stringify(one) + '\\n\\n'))
        while (controller.desiredSize <= 0) await pause()
      }
      while (controller.desiredSize < ROOM) await pause()
    }
  }
})()`

const CHANGES_A_SECOND = 20
const DAY_S = 86_400
const MB = 1e6
/** Until every asset and ticket has changed once, the heap fills; after that it has no reason to. */
const MIN_WARM_UP = 12_000

/** Heap after a day's changes over that after a warm-up, both collected. */
export async function measureDay(
  page: Page,
  { share, say }: { readonly share: number; say(text: string): void },
): Promise<Figure[]> {
  await until(page, 'window.pump !== undefined')
  const session = await page.context().newCDPSession(page)
  const heap = async (): Promise<number> => {
    await session.send('HeapProfiler.collectGarbage')
    return (await session.send('Runtime.getHeapUsage')).usedSize
  }
  const pump = (changes: number) =>
    page.evaluate(`window.pump(${String(changes)}, ${String(CHANGES_A_SECOND)})`)
  const all = Math.round(CHANGES_A_SECOND * DAY_S * share)
  const warmUp = Math.max(MIN_WARM_UP, Math.round(all * 0.1))
  await pump(warmUp)
  const before = await heap()
  const began = performance.now()
  await pump(all)
  const tookS = (performance.now() - began) / 1000
  const after = await heap()
  say(
    `${String(all)} changes: heap ${(before / MB).toFixed(1)} → ${(after / MB).toFixed(1)} MB, ${String(Math.round(all / tookS))} changes a second`,
  )
  return [
    {
      id: 'page-heap-growth',
      what: 'growth of the heap over a day at 20 changes a second',
      value: (after / before - 1) * 100,
      unit: '%',
      target: { at: 'most', value: 20 },
    },
    { id: 'page-heap', what: 'the heap at its end', value: after / MB, unit: 'MB' },
    {
      id: 'page-pace',
      what: 'changes that the page takes in',
      value: all / tookS,
      unit: '/s',
      target: { at: 'least', value: CHANGES_A_SECOND },
    },
  ]
}
