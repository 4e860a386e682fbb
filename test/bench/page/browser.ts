import { setTimeout as sleep } from 'node:timers/promises'
import { chromium, type Browser, type Page } from 'playwright-core'

/** A desktop without a graphics card: the page is drawn as such a browser does, the map by WebGL in software. */
const FLAGS = ['--no-sandbox', '--enable-unsafe-swiftshader']
const DESK = { width: 1920, height: 1080 }

/** Headless Chromium; without a graphics card it draws on the processor, so frames are told, not promised. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [...FLAGS, '--enable-precise-memory-info', '--js-flags=--expose-gc'],
  })
}

export interface SignedIn {
  readonly url: string
  readonly cookie: string
}

export async function signIn(url: string, username: string, password: string): Promise<SignedIn> {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0]
  if (cookie === undefined) throw new Error(`${username} cannot sign in: ${String(answer.status)}`)
  return { url, cookie }
}

/** A desk on the screen; what it throws ends the measurement. */
export async function openDesk(browser: Browser, { url, cookie }: SignedIn, script?: string): Promise<Page> {
  const context = await browser.newContext({ viewport: DESK, reducedMotion: 'reduce' })
  const [name = '', value = ''] = cookie.split('=')
  await context.addCookies([{ name, value, url }])
  if (script !== undefined) await context.addInitScript(script)
  const page = await context.newPage()
  page.on('pageerror', (error) => {
    throw error
  })
  await page.goto(url)
  return page
}

const PATIENCE_MS = 90_000

/** Waits until an expression is true in the page. The page's own policy forbids evaluating it there. */
export async function until(page: Page, expression: string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(50)) {
    if (await page.evaluate<boolean>(expression)) return
  }
  throw new Error(`never true: ${expression}`)
}
