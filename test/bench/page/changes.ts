import type { Page } from 'playwright-core'
import { percentile, type Figure } from '../figure.ts'
import type { SignedIn } from './browser.ts'

interface Measured {
  readonly rounds: number
  readonly id: string
  readonly what: string
  /** Of a kind that stands where the list is seen. */
  readonly call: object
}

/** From the request that changes something to its words on another screen. */
export async function measureChanges(
  page: Page,
  who: SignedIn,
  { rounds, id, what, call }: Measured,
): Promise<Figure[]> {
  const took: number[] = []
  for (let n = 0; n < rounds; n += 1) {
    const address = `变更 ${String(n)} 号`
    const seen = page.evaluate<number>(`new Promise((resolve) => {
      const look = () => document.querySelector('.rows').textContent.includes(${JSON.stringify(address)}) && (watch.disconnect(), resolve(Date.now()))
      const watch = new MutationObserver(look)
      watch.observe(document.body, { childList: true, subtree: true, characterData: true })
      look()
    })`)
    const began = Date.now()
    await takeCall(who, { ...call, address })
    took.push((await seen) - began)
  }
  return [
    {
      id,
      what: `${what}, p95`,
      value: percentile(took, 0.95),
      unit: 'ms',
      target: { at: 'most', value: 300 },
    },
    { id: `${id}-median`, what: 'the same, median', value: percentile(took, 0.5), unit: 'ms' },
  ]
}

export async function takeCall({ url, cookie }: SignedIn, call: object): Promise<void> {
  const body = { source: 'phone', callerPhone: '13800000000', ...call }
  const answer = await fetch(`${url}/api/v1/calls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(body),
  })
  if (answer.status !== 201) throw new Error(`POST /calls: ${String(answer.status)} ${await answer.text()}`)
}
