import { parentPort, workerData } from 'node:worker_threads'
import { compile, runExpression } from './run-expression.ts'
import type { Batch, BatchAnswer } from './translation-batch.ts'
import { saidOfError } from './words.ts'

const port = parentPort
if (port === null) throw new Error('translation-worker.ts runs as a worker thread')

/** Which job of the batch is under way, for whoever has to end this thread because of it. */
const underWay = new Int32Array(workerData as SharedArrayBuffer)

port.on('message', (batch: Batch) => void work(batch))

async function work({ jobs, recipes }: Batch): Promise<void> {
  const results: BatchAnswer['results'][number][] = []
  for (const [index, job] of jobs.entries()) {
    Atomics.store(underWay, 0, index)
    Atomics.add(underWay, 1, 1)
    const recipe = recipes[job.recipe]
    if (recipe === undefined) throw new Error('a job without its recipe')
    results.push(
      job.message === undefined ? checked(recipe.expression) : await runExpression(recipe, job.message),
    )
  }
  const answer: BatchAnswer = { results }
  port?.postMessage(answer)
}

function checked(expression: string): BatchAnswer['results'][number] {
  try {
    compile(expression)
    return { kind: 'understood', messages: [], leftOut: [] }
  } catch (error) {
    return { kind: 'not-understood', said: saidOfError(error) }
  }
}
