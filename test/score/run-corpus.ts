import { Worker } from 'node:worker_threads'
import type { Scenario } from '../../simulators/laboratory/scenario.ts'
import type { Outcome } from './outcome.ts'

type News =
  { readonly kind: 'progress'; readonly share: number } | { readonly kind: 'done'; readonly outcome: Outcome }

/** Plays scenarios in so many threads at once, the longest first; outcomes in the order of the scenarios. */
export async function runCorpus(
  scenarios: readonly Scenario[],
  threads: number,
  progress: (share: number, doing: string) => void,
): Promise<readonly Outcome[]> {
  const work = scenarios.map(workOf)
  const whole = work.reduce((sum, one) => sum + one, 0)
  const shares = scenarios.map(() => 0)
  const outcomes: Outcome[] = []
  const queue = scenarios.map((_, i) => i).sort((a, b) => (work[b] ?? 0) - (work[a] ?? 0))

  async function runNext(): Promise<void> {
    for (let i = queue.shift(); i !== undefined; i = queue.shift()) {
      const number = i
      const scenario = scenarios[number]
      if (scenario === undefined) continue
      outcomes[number] = await runOne(scenario, (share) => {
        shares[number] = share
        const done = shares.reduce((sum, one, k) => sum + one * (work[k] ?? 0), 0)
        progress(done / whole, scenario.id)
      })
    }
  }
  await Promise.all(Array.from({ length: Math.min(threads, scenarios.length) }, runNext))
  return outcomes
}

function workOf({ topology, days }: Scenario): number {
  return topology.wells * days
}

function runOne(scenario: Scenario, progress: (share: number) => void): Promise<Outcome> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: scenario })
  return new Promise((resolve, reject) => {
    worker.on('message', (news: News) => {
      if (news.kind === 'progress') progress(news.share)
      else resolve(news.outcome)
    })
    worker.once('error', (error) => {
      reject(new Error(`${scenario.id} could not be played`, { cause: error }))
    })
    worker.once('exit', (code) => {
      if (code !== 0) reject(new Error(`${scenario.id} stopped with ${String(code)}`))
    })
  })
}
