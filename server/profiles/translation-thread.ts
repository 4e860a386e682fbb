import { Worker } from 'node:worker_threads'
import type { Translation } from '../domain/translation/read-translation.ts'
import type { ForeignMessage, Recipe, Translator } from '../flows/foreign/translate.ts'
import type { Batch, BatchAnswer } from './translation-batch.ts'
import { TOO_GREEDY, TOO_SLOW } from './words.ts'

interface Job {
  readonly recipe: Recipe
  readonly message?: ForeignMessage
  readonly done: (translation: Translation) => void
}

const JOBS_AT_ONCE = 256
const MAX_MEMORY_MB = 256
/** What the expression's own limit does not end, such as one endless search in a text, the thread's end does. */
const MAX_JOB_MS = 1000
const LOOK_EVERY_MS = 100
/** An expression that had to be ended so often in a row rests: its messages are set aside unread meanwhile. */
const MAX_STRIKES = 3
const REST_MS = 60_000

/**
 * Expressions run in one thread of their own, in the order of their messages. It is ended and started again
 * when one of them stalls it or takes its memory; only that one message is lost for it.
 */
export function startTranslator(limits: { readonly jobMs?: number } = {}): Translator {
  const { jobMs = MAX_JOB_MS } = limits
  const waiting: Job[] = []
  const strikes = new Map<string, { count: number; until: number }>()
  const underWay = new Int32Array(new SharedArrayBuffer(8))
  let batch: Job[] = []
  let worker: Worker | undefined
  let watch: NodeJS.Timeout | undefined
  let closed = false

  return {
    translate: (recipe, message) => ask({ recipe, message }),
    async check(expression) {
      const checked = await ask({ recipe: { encoding: 'text', expression } })
      return checked.kind === 'not-understood' ? checked.said : undefined
    },
    async close() {
      closed = true
      clearInterval(watch)
      await worker?.terminate()
      worker = undefined
      for (const { done } of [...batch.splice(0), ...waiting.splice(0)]) done(STOPPED)
    },
  }

  function ask(job: Omit<Job, 'done'>): Promise<Translation> {
    if (closed) return Promise.resolve(STOPPED)
    return new Promise((done) => {
      waiting.push({ ...job, done })
      next()
    })
  }

  function next(): void {
    if (batch.length > 0 || closed) return
    restRested()
    if (waiting.length === 0) return
    batch = waiting.splice(0, JOBS_AT_ONCE)
    const recipes: Recipe[] = []
    const places = new Map<Recipe, number>()
    const jobs = batch.map(({ recipe, message }) => {
      const place = places.get(recipe) ?? recipes.push(recipe) - 1
      places.set(recipe, place)
      return message === undefined ? { recipe: place } : { recipe: place, message }
    })
    Atomics.store(underWay, 0, 0)
    worker ??= start()
    watchOver(worker)
    worker.postMessage({ recipes, jobs } satisfies Batch)
  }

  function start(): Worker {
    const started = new Worker(new URL('./translation-worker.ts', import.meta.url), {
      workerData: underWay.buffer,
      resourceLimits: { maxOldGenerationSizeMb: MAX_MEMORY_MB },
    })
    started.on('message', ({ results }: BatchAnswer) => {
      clearInterval(watch)
      const answered = batch
      batch = []
      for (const [index, job] of answered.entries()) settle(job, results[index] ?? STOPPED)
      next()
    })
    // Only this thread's own death is heard: one that was ended has been replaced already.
    started.on('error', () => {
      if (worker === started) abandon(TOO_GREEDY)
    })
    started.unref()
    return started
  }

  /** Between two looks the same job of the same count: it stands still. */
  function watchOver(over: Worker): void {
    let seen = -1
    let since = performance.now()
    clearInterval(watch)
    watch = setInterval(() => {
      const steps = Atomics.load(underWay, 1)
      if (steps !== seen) {
        seen = steps
        since = performance.now()
      } else if (performance.now() - since > jobMs && worker === over) abandon(TOO_SLOW)
    }, LOOK_EVERY_MS)
    watch.unref()
  }

  /** Ends the thread; the job under way gets the blame, the rest of its batch goes first in the next one. */
  function abandon(said: typeof TOO_SLOW): void {
    clearInterval(watch)
    void worker?.terminate()
    worker = undefined
    const at = Atomics.load(underWay, 0)
    const rest = batch
    batch = []
    const [blamed] = rest.slice(at, at + 1)
    // What came before it was done, but its results died with the thread.
    waiting.unshift(...rest.filter((job) => job !== blamed))
    if (blamed !== undefined) settle(blamed, { kind: 'not-understood', said })
    next()
  }

  function settle(job: Job, translation: Translation): void {
    const { expression } = job.recipe
    const isTooMuch = translation.kind === 'not-understood' && OVERRUN.has(translation.said.en)
    if (isTooMuch) {
      const count = (strikes.get(expression)?.count ?? 0) + 1
      strikes.set(expression, { count, until: performance.now() + REST_MS })
    } else if (strikes.size > 0 && translation.kind === 'understood') strikes.delete(expression)
    job.done(translation)
  }

  /** Answers what waits for an expression that rests. */
  function restRested(): void {
    if (strikes.size === 0) return
    for (const [expression, { count, until }] of strikes) {
      if (until < performance.now()) strikes.delete(expression)
      else if (count >= MAX_STRIKES) {
        const still: Job[] = []
        for (const job of waiting.splice(0)) {
          if (job.recipe.expression === expression) job.done(RESTING)
          else still.push(job)
        }
        waiting.push(...still)
      }
    }
  }
}

const OVERRUN: ReadonlySet<string> = new Set([TOO_SLOW.en, TOO_GREEDY.en])
const STOPPED: Translation = {
  kind: 'not-understood',
  said: { zh: '服务器正在停止', en: 'the server is stopping' },
}
const RESTING: Translation = {
  kind: 'not-understood',
  said: {
    zh: '表达式多次超时, 已暂停一分钟: 请改正后重新处理这些报文',
    en: 'the expression took too long again and again and rests for a minute: correct it and run it over these messages',
  },
}
