import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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

const TAIL = `
## Where the standard leaves room

- **Strings** with U+0001 to U+001F, U+007F to U+009F or a code point that is no character close the connection (1.5.3).
- **CONNACK** says 0x04 to a wrong or missing secret and to a user name that no device can have; 0x05 to no user name, to
  a client id that is not the user name and to a will outside the device's own topics; 0x01 to MQTT 5 and any other level.
- **MQTT 3.1** is taken by the rules of 3.1.1: its reserved CONNECT flag and DUP on PUBREL, SUBSCRIBE and UNSUBSCRIBE
  close the connection, and its CONNACK tells session present. An empty client id is refused.
- **A foreign filter** is answered 0x80. A message on a foreign topic is not acknowledged, closes the connection and makes
  the device's next sign-ins wait, up to five seconds.
- **Keep-alive** 0, or above an hour, counts as an hour.
- **Limits** of a device: 8 levels and 32 filters, a body of 64 KiB, CONNECT 4 KiB, a will 1 KiB, 200 QoS 2 messages
  without PUBREL. Of the open broker: 100 levels and 1,000 filters, a frame of 1 MiB. \`$SYS\` is refused at both.
- **Order**: nothing behind CONNECT, SUBSCRIBE or UNSUBSCRIBE is handled before its answer; DISCONNECT, and a client that
  closes its half, wait for the answers to what came before. A QoS 2 message goes on as soon as it is stored, so a client
  that subscribes to its own topic may have it before the PUBREC.
- **An answer that is not due** (PUBREC to QoS 1, PUBACK to QoS 2, PUBCOMP before PUBREC) closes the connection; one to an
  id that is not on its way is passed over.
- **A will** is published also when the same client id connects again without a DISCONNECT before.
- **QoS 0** is not kept for absent clients. Overlapping filters bring a message once. Packet ids begin at 1.

## Public suites, at the open broker

| Suite | Held | Not held |
| --- | --- | --- |
| Eclipse Paho, interoperability, MQTT 3.1.1 | 11 of 11 | |
| Mosquitto 2.0.21, byte sequences of 3.1 and 3.1.1 (\`test/broker/data\`) | 267 of 269 | two CONNECT of 3.1 with the reserved flag |
| Mosquitto 2.0.21, \`test/broker\` 01 to 05, 07 and 11, what is of 3.1 and 3.1.1 and needs no setting of Mosquitto's own | 36 of 43 | 200 levels; PUBREC before the message; \`$SYS\`; session present in 3.1; the order of retained messages; a third DUP that must close; a will that is withheld when its owner takes over |
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
    await expect(`${HEAD}${STATEMENTS.map(row).join('\n')}\n${TAIL}`).toMatchFileSnapshot(DOCUMENT)
  })
})
