import { mkdirSync } from 'node:fs'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest'
import { freePort } from './child-server.ts'
import { aWorld, type World, type WorldOptions } from './world.ts'

/** A page built elsewhere may be tried with E2E_PAGE. */
const PAGE_ROOT = process.env.E2E_PAGE ?? new URL('../../web/dist', import.meta.url).pathname
const ARTIFACTS = new URL('../artifacts/', import.meta.url).pathname

/** Small enough for a processor that draws what a graphics card would. */
export const DESK = { width: 1440, height: 900 }
export const WALL = { width: 1920, height: 1080 }
export const PHONE = { width: 390, height: 844 }

const FLAGS = [
  '--no-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-gpu-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
]
/** What takes a second alone takes twenty on a machine that is busy otherwise. */
const PATIENCE_MS = 25_000
const TEST_MS = 90_000

interface ScreenOptions {
  readonly size?: { readonly width: number; readonly height: number }
  readonly path?: string
  /** Runs in the browser before the page. */
  readonly script?: string
  /** The page's own clock stands under the test's hand. */
  readonly clock?: boolean
}

/** Real browsers before a real server. Every screen is a browser of its own; none may complain. */
export interface Stage {
  /** The server with its page, on ports that a restart keeps. */
  world(options?: WorldOptions): Promise<World>
  /** A person already signed in, or without a name nobody yet. */
  screen(world: World, who?: string, options?: ScreenOptions): Promise<Page>
  /** From here on the network or a part of the server fails on purpose, and the browser may say so. */
  losesTheServer(): void
}

/** One browser for the file; a fresh server and fresh screens for each test. */
export function useStage(): Stage {
  let browser: Browser
  let contexts: BrowserContext[] = []
  let worlds: World[] = []
  let complaints: string[] = []
  let mayLoseServer = false
  vi.setConfig({ testTimeout: TEST_MS })

  beforeAll(async () => {
    mkdirSync(ARTIFACTS, { recursive: true })
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS })
  })
  afterAll(() => browser.close())
  afterEach(async ({ task }) => {
    const pages = task.result?.state === 'fail' ? contexts.flatMap((context) => context.pages()) : []
    for (const [i, page] of pages.entries()) await picture(page, `failed-${task.id}-${String(i)}`)
    await Promise.all(contexts.map((context) => context.close()))
    await Promise.all(worlds.map((world) => world.close()))
    const said = complaints
    contexts = []
    worlds = []
    complaints = []
    mayLoseServer = false
    expect(said).toEqual([])
  })

  return {
    losesTheServer: () => void (mayLoseServer = true),
    async world(options = {}) {
      const ports = { httpPort: await freePort(), mqttPort: await freePort() }
      const world = await aWorld({ pageRoot: PAGE_ROOT, ...options, config: { ...ports, ...options.config } })
      worlds.push(world)
      return world
    },
    async screen(world, who, { size = DESK, path = '/', script, clock = false } = {}) {
      const context = await browser.newContext({
        viewport: size,
        locale: 'zh-CN',
        // The page shows Shanghai's time wherever its computer believes to be.
        timezoneId: 'America/Lima',
        // Blinking costs a processor that draws what a graphics card would more than the test itself.
        reducedMotion: 'reduce',
      })
      contexts.push(context)
      context.setDefaultTimeout(PATIENCE_MS)
      if (who !== undefined) await context.addCookies([await sessionCookie(world, who)])
      if (script !== undefined) await context.addInitScript(script)
      if (clock) await context.clock.install()
      const page = await context.newPage()
      listen(
        page,
        new URL(world.url()).origin,
        (complaint) => complaints.push(complaint),
        () => mayLoseServer,
      )
      await page.goto(world.url() + path)
      return page
    },
  }
}

async function sessionCookie(world: World, who: string) {
  const [name = '', value = ''] = (await world.as(who).cookie()).split('=')
  return { name, value, url: world.url() }
}

/** A refusal that the page shows in words is no complaint, though the browser logs its status. */
function listen(page: Page, origin: string, say: (complaint: string) => void, mayLose: () => boolean): void {
  page.on('pageerror', (error) => say(`page error: ${error.stack ?? error.message}`))
  page.on('crash', () => say('the page crashed'))
  page.on('console', (message) => {
    if (message.type() !== 'error') return
    const text = message.text()
    const refusal = /^Failed to load resource: .* status of 4\d\d/.test(text)
    if (refusal && message.location().url.startsWith(`${origin}/api/`)) return
    if (mayLose() && /net::ERR_|status of 503/.test(text)) return
    say(`console: ${text} ${message.location().url}`)
  })
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http') && url.origin !== origin) say(`asked a stranger: ${request.url()}`)
  })
}

/** A picture of a key moment, to be looked at by people. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${ARTIFACTS}${name}.png` })
}
