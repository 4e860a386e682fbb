import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isRefusal } from '#contract/problem.ts'
import type { TicketKind } from '#contract/vocabulary.ts'
import { demoRoster } from './demo-roster.ts'
import { demoNetwork, DEMO_SEED } from '../../simulators/demo-network.ts'
import type { StoryName } from '../../simulators/demo.ts'
import type { App } from '../app.ts'
import type { Config } from '../config.ts'
import { minutesText } from '../domain/notification/plan-clock.ts'
import type { PolicyPack } from '../domain/policy/policy-pack.ts'
import { DEMO_FILE, isDemoDir, lockDataDir } from '../disk/data-dir.ts'
import { ensurePlans } from '../flows/duty/change-roster.ts'
import { ensureDemoPeople } from '../flows/access/people.ts'
import { replaceFile } from '../disk/replace-file.ts'

/** What a demo remembers between starts, so that it resumes instead of playing its scenario again. */
export interface DemoMemory {
  readonly seeded: boolean
  readonly storyTold: boolean
}

const SIMULATED = new URL('../../simulators/demo.ts', import.meta.url).pathname

const ROOT = new URL('../..', import.meta.url).pathname
const SECRET = 'demo'

export interface DemoSurroundings {
  readonly reset: boolean
  readonly story: StoryName
  readonly print: (line: string) => void
  readonly env: NodeJS.ProcessEnv
  readonly serve: (
    config: Config,
    options: {
      simulated: boolean
      beforeListening: (app: App) => Promise<void>
      whenUp: (app: App, url: string) => Promise<() => void>
    },
  ) => Promise<void>
}

/** The main job in one command: the server, the demo network, its people and its simulated devices. */
export async function runDemo(
  config: Config,
  { reset, story, print, env, serve }: DemoSurroundings,
): Promise<void> {
  if (reset) resetDemo(config.dataDir)
  if (pageIsStale(ROOT)) {
    print('正在构建页面…')
    // Imported only here, since the bundler is large and a production server does not need it.
    const { build } = await import('vite')
    await build({ configFile: join(ROOT, 'web/vite.config.ts'), logLevel: 'warn' })
  }
  await serve(story === 'bad-night' ? withDeadChannel(config) : config, {
    simulated: true,
    beforeListening: async (app) => {
      const { storyTold, seeded } = readMemory(config.dataDir)
      writeMemory(config.dataDir, { storyTold, seeded })
      await furnish(app)
    },
    whenUp: (app, url) => Promise.resolve(bringToLife(config, { app, url, print, env, story })),
  })
}

/** The demo's network, people, rosters and secrets; also for whatever network is imported later. */
async function furnish(app: App): Promise<void> {
  if (app.registry.versions().length === 0) {
    const answer = await app.registry.import(demoNetwork(DEMO_SEED), { by: 'demo' })
    if (isRefusal(answer))
      throw new Error(`the demo network was refused: ${answer.detail}`, { cause: answer })
  }
  const admit = async (): Promise<void> => {
    const network = app.registry.current()
    await app.credentials.ensureAll(network.devices.keys(), SECRET)
    const departments = [...network.departments.values()]
    const people = await ensureDemoPeople(app.people, departments, app.clock.now())
    await ensurePlans(app.duty, demoRoster(departments, people), { id: 'demo', name: '演示' })
  }
  await admit()
  app.registry.onChange(admit)
}

interface Life {
  readonly app: App
  readonly url: string
  readonly print: (line: string) => void
  readonly env: NodeJS.ProcessEnv
  readonly story: StoryName
}

/** Nobody listens at the discard port: what is told there reaches no one. */
function withDeadChannel(config: Config): Config {
  const dead = { type: 'feishu', id: 'duty-group', url: 'http://127.0.0.1:9/' } as const
  const { allow, channel } = config.notify
  return {
    ...config,
    notify: { ...config.notify, allow: [...allow, '127.0.0.1'], channel: [...channel, dead] },
  }
}

function bringToLife(config: Config, { app, url, print, env, story }: Life): () => void {
  const memory = readMemory(config.dataDir)
  print(memory.seeded ? `页面 ${url}` : `页面 ${url} (正在回填 48 小时历史…)`)
  const devices = startDevices(config, {
    httpUrl: url,
    mqttUrl: app.mqttUrl,
    startAt: app.clock.now(),
    memory,
    env,
    story,
  })
  const ready = devices.seeded.then(() => app.catchUp())
  ready.then(
    () => {
      writeMemory(config.dataDir, { seeded: true, storyTold: true })
      const isQuiet = config.demoQuiet || config.clock === 'manual'
      print(welcome(url, app.mqttUrl, storyOf({ memory, isQuiet, story }, app.duty.services.rules.policy)))
    },
    (error: unknown) => {
      print(`模拟设备未能启动: ${String(error)}`)
    },
  )
  return () => devices.process.kill('SIGTERM')
}

function readMemory(dataDir: string): DemoMemory {
  const file = join(dataDir, DEMO_FILE)
  if (!existsSync(file)) return { seeded: false, storyTold: false }
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DemoMemory
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    // A power cut may leave half a file; not to repeat the scenario is the safer reading of it.
    return { seeded: true, storyTold: true }
  }
}

function writeMemory(dataDir: string, memory: DemoMemory): void {
  replaceFile(join(dataDir, DEMO_FILE), JSON.stringify(memory))
}

/** Empties the data directory of a demo that no server uses; anything else is left alone and named. */
export function resetDemo(dataDir: string): void {
  if (!existsSync(dataDir)) return
  if (!isDemoDir(dataDir) && readdirSync(dataDir).some((name) => name !== 'lock')) {
    throw new Error(`${dataDir} holds no demo; nothing was deleted`)
  }
  const held = lockDataDir(dataDir, 0)
  for (const name of readdirSync(dataDir)) {
    if (!name.startsWith('lock')) rmSync(join(dataDir, name), { recursive: true, force: true })
  }
  held.release()
}

/** True when the page has never been built or its sources are newer. */
function pageIsStale(root: string): boolean {
  const built = join(root, 'web/dist/index.html')
  if (!existsSync(built)) return true
  const builtAt = statSync(built).mtimeMs
  return ['web', 'server/contract'].some((folder) => newestIn(join(root, folder)) > builtAt)
}

function newestIn(folder: string): number {
  let newest = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'dist' || entry.name === 'node_modules') continue
    const path = join(folder, entry.name)
    newest = Math.max(newest, entry.isDirectory() ? newestIn(path) : statSync(path).mtimeMs)
  }
  return newest
}

interface DemoDevices {
  readonly process: ChildProcess
  /** Resolves when the back-filled history is in and the devices publish live. */
  readonly seeded: Promise<void>
}

/** Starts the simulated devices and callers as a second process of the same group. */
function startDevices(
  config: Config,
  facts: {
    httpUrl: string
    mqttUrl: string
    startAt: number
    memory: DemoMemory
    env: NodeJS.ProcessEnv
    story: StoryName
  },
): DemoDevices {
  const options = {
    mqttUrl: facts.mqttUrl,
    httpUrl: facts.httpUrl,
    startAt: facts.startAt,
    quiet: config.demoQuiet || (facts.memory.storyTold && facts.story === 'usual'),
    seeded: facts.memory.seeded,
    story: facts.story,
    mute: config.clock === 'manual',
  }
  const child = spawn('node', [SIMULATED, JSON.stringify(options)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: facts.env,
  })
  const seeded = new Promise<void>((resolve, reject) => {
    child.on('message', (message) => {
      if (message === 'seeded') resolve()
    })
    child.on('exit', (code, signal) => {
      reject(new Error(`the simulated devices stopped (${signal ?? String(code)})`))
    })
    child.on('error', reject)
  })
  return { process: child, seeded }
}

/** What the demo is going to show, with the levels and limits of the policy in force. */
export function storyOf(
  told: { readonly memory: DemoMemory; readonly isQuiet: boolean; readonly story: StoryName },
  policy: PolicyPack,
): string {
  if (told.story === 'bad-night' && !told.isQuiet) return BAD_NIGHT
  if (told.memory.storyTold) return '  (数据已恢复,不再重演。要从头开始: npm run demo -- --reset)'
  if (told.isQuiet) return '  (安静模式: 只有正常运行)'
  return [
    `  45 秒内   一次网主干井井盖移位           → ${limitOf('cover', policy)}`,
    `  2 分钟内  一次网热力井冒汽               → ${limitOf('well_vent', policy)}`,
    '  3 分钟内  一次网泄漏, 起点在回填的历史里  → 疑似或确认的泄漏事件',
    '  其间      居民来电: 同一井盖(并入)、不热、咨询',
  ].join('\n')
}

const BAD_NIGHT = [
  '  20 分钟内  一次网爆管、28 处井盖、8 处冒汽、一个反复跳动的井盖开关, 约 40 条告警',
  '  其间      60 个居民来电, 大厅东墙的大屏断电, 值班群的通知通道不通',
].join('\n')

function limitOf(kind: TicketKind, { kinds, levels, clocks }: PolicyPack): string {
  const { level, headline } = kinds[kind]
  const minutes = clocks[headline].limitMinutes
  const limit = minutes === undefined ? '' : `, ${minutesText(minutes, '小时', '分钟')}`
  return `${levels[level].name.zh}工单${limit}`
}

function welcome(httpUrl: string, mqttUrl: string, story: string): string {
  return `
热网哨 Wellwatch 演示已就绪

  页面   ${httpUrl}
  MQTT   ${mqttUrl}

  用户(密码都是 demo): operator 热线员 · dispatcher 调度中心 · service 客服中心
    engineer · admin · wall · officer-network-ops · crew-network-ops · officer-area-1 …
  空闲设备(密钥 demo): spare-1 一次主干井 · spare-2 一次支线井 · spare-3 二次网井 · spare-4 换热站

将要发生:
${story}

Ctrl+C 停止。
`
}
