import { measure } from './measure.ts'
import { backtest } from './parts/backtest.ts'
import { cover } from './parts/cover.ts'
import { demo } from './parts/demo.ts'
import { fleet } from './parts/fleet.ts'
import { heap } from './parts/heap.ts'
import { ingest } from './parts/ingest.ts'
import { kill } from './parts/kill.ts'
import { loop } from './parts/loop.ts'
import { outage } from './parts/outage.ts'
import { page } from './parts/page.ts'
import { peers } from './parts/peers.ts'
import { reads } from './parts/reads.ts'
import { start } from './parts/start.ts'
import { tickets } from './parts/tickets.ts'

/**
 * `npm run bench` measures what the product promises of its speed and safety; `-- NAME…` some of the
 * parts, `-- --quick` the short form, `-- --keep` makes the results the ones to commit.
 * `BENCH_PROFILE=DIR` writes CPU profiles of the server there.
 */
await measure({
  command: 'npm run bench',
  script: import.meta.filename,
  results: new URL('./results.json', import.meta.url),
  parts: {
    kill,
    outage,
    start,
    peers,
    fleet,
    ingest,
    loop,
    reads,
    cover,
    backtest,
    heap,
    demo,
    page,
    tickets,
  },
})
