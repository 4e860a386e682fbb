import { expect, it } from 'vitest'
import { run } from '../support/server-process.ts'

/** What takes seconds; the others have tests of their own, and their long form in `npm run faults`. */
const PARTS = ['flapping', 'sessions', 'stopped', 'burst', 'storm', 'walls', 'stuck', 'channels', 'names']

it('the short form of npm run faults holds', { timeout: 240_000 }, async () => {
  const { code, out, err } = await run(['test/faults/faults.ts', '--quick', ...PARTS], {})
  if (code !== 0) throw new Error(`${out}\n${err}`)
  expect(out.match(/ done in /g)).toHaveLength(PARTS.length)
})
