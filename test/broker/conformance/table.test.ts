import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import { STATEMENTS, type Statement } from './statements.ts'

const FOLDER = join(import.meta.dirname, '..')
const DOCUMENT = '../../../broker/mqtt-3.1.1.md'

/** Which test files name a statement. */
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts') && !name.endsWith('table.test.ts'))
  .map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }))
const testsOf = ({ id }: Statement): string[] =>
  files
    .filter(({ text }) => text.includes(`[MQTT-${id}]`))
    .map(({ name }) => name)
    .sort()

const RESULT = { server: 'held', client: 'the client’s part', network: 'the network’s part' }

function row(statement: Statement): string {
  const tests = testsOf(statement).map((name) => `\`${name}\``)
  return `| MQTT-${statement.id} | ${statement.says} | ${RESULT[statement.part]} | ${tests.join(', ')} |`
}

const HEAD = `# MQTT 3.1.1, statement by statement

Written from the OASIS text; the tests are in \`test/broker\`, and a test holds this table. It is made anew by
\`npx vitest run -c test/vitest.config.ts --root . test/broker/conformance/table.test.ts -u\`.

| Statement | Says | Result | Test |
| --- | --- | --- | --- |
`

describe('the table of statements', () => {
  it('has a test for every one that is the server’s', () => {
    const untested = STATEMENTS.filter(({ part }) => part === 'server').filter(
      (statement) => testsOf(statement).length === 0,
    )
    expect(untested.map(({ id }) => id)).toEqual([])
  })

  it('knows every statement that a test names', () => {
    const known = new Set(STATEMENTS.map(({ id }) => id))
    const named = files.flatMap(({ text }) => [...text.matchAll(/\[MQTT-([\d.-]+)\]/g)].map(([, id]) => id))
    expect(named.filter((id) => id !== undefined && !known.has(id))).toEqual([])
  })

  it('is written down', async () => {
    const text = `${HEAD}${STATEMENTS.map(row).join('\n')}\n`
    const page = await format(text, { parser: 'markdown', printWidth: 110 })
    await expect(page).toMatchFileSnapshot(DOCUMENT)
  })
})
