import type { Page } from 'playwright-core'
import { percentile, type Figure } from '../figure.ts'

const PAN_STEPS = 60

/** Drags the map to and fro: what our own code costs a frame, and how long frames take here. */
export async function measurePan(page: Page): Promise<Figure[]> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const script = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0) * 1000
  }
  const box = await page.locator('canvas').boundingBox()
  if (box === null) throw new Error('there is no map')
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  const frames = page.evaluate<number[]>(`new Promise((resolve) => {
    const at = []
    const next = (now) => (at.push(now), window.panned ? resolve(at.slice(1).map((t, n) => t - at[n])) : requestAnimationFrame(next))
    requestAnimationFrame(next)
  })`)
  const before = await script()
  await page.mouse.move(x, y)
  await page.mouse.down()
  for (let n = 0; n < PAN_STEPS; n += 1)
    await page.mouse.move(x + 200 * Math.sin(n / 6), y + 60 * Math.cos(n / 6))
  await page.mouse.up()
  await page.evaluate('window.panned = true')
  const took = await frames
  const cost = (await script()) - before
  return [
    {
      id: 'page-pan-script',
      what: 'script for a frame of panning, 10,000 assets, mean',
      value: cost / Math.max(1, took.length),
      unit: 'ms',
      target: { at: 'most', value: 12 },
    },
    {
      id: 'page-pan-frame',
      what: 'a frame of panning, drawn by the processor, median',
      value: percentile(took, 0.5),
      unit: 'ms',
    },
  ]
}

/** From J to the next row being marked, with the list full. */
export async function measureKeys(page: Page, rounds: number): Promise<Figure> {
  const took: number[] = []
  await page.locator('body').press('j')
  for (let n = 0; n < rounds; n += 1) {
    took.push(
      await page.evaluate<number>(`new Promise((resolve) => {
        const was = document.querySelector('[aria-current="true"]')
        const began = performance.now()
        dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }))
        const look = () => {
          const now = document.querySelector('[aria-current="true"]')
          if (now !== null && now !== was) requestAnimationFrame(() => resolve(performance.now() - began))
          else requestAnimationFrame(look)
        }
        look()
      })`),
    )
  }
  return {
    id: 'page-key',
    what: 'J to the next of 500 rows shown, p95',
    value: percentile(took, 0.95),
    unit: 'ms',
    target: { at: 'most', value: 200 },
  }
}
