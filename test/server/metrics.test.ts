import { expect, it } from 'vitest'
import { createMetrics } from '../../server/wiring/metrics.ts'

it('metrics show what the parts count at the moment of the scrape', async () => {
  let lag = 3
  const metrics = createMetrics([
    { name: 'journal_pending_messages', help: 'not yet stored', kind: 'gauge', read: () => lag },
    {
      name: 'ingest_rejected_total',
      help: 'set aside by reason',
      kind: 'counter',
      label: 'reason',
      read: () => ({ not_json: 2, too_old: 1 }),
    },
  ])
  await metrics()
  lag = 4
  const text = await metrics()
  expect(text).toContain('wellwatch_journal_pending_messages 4')
  expect(text).toContain('wellwatch_ingest_rejected_total{reason="not_json"} 2')
  expect(text).toContain('wellwatch_ingest_rejected_total{reason="too_old"} 1')
})
