import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Rows } from '../../../server/domain/telemetry/rows.ts'

const fields = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'd'),
  fc.oneof(fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true })),
  { minKeys: 1 },
)
const samples = fc.array(fc.record({ owner: fc.nat(9), at: fc.nat(), fields }), { maxLength: 40 })

function rowsOf(all: readonly { owner: number; at: number; fields: Record<string, number | boolean> }[]) {
  const rows = new Rows()
  for (const { owner, at, fields } of all) rows.addFields(owner, at, fields)
  return rows
}
function contentOf(rows: Rows) {
  return Array.from({ length: rows.count }, (_, row) => ({
    owner: rows.owner[row],
    at: rows.at[row],
    fields: rows.fieldsOf(row),
  }))
}

it('rows give back the samples that they were given, also when taken over by others', () => {
  fc.assert(
    fc.property(samples, samples, (first, second) => {
      const rows = rowsOf(first)
      const others = rowsOf(second)
      for (let row = 0; row < others.count; row += 1) rows.take(others, row, others.owner[row] ?? 0)
      expect(contentOf(rows)).toStrictEqual(plain([...first, ...second]))
    }),
  )
})

it('rows that were cut or cleared take new ones as if the others had never been', () => {
  fc.assert(
    fc.property(samples, samples, fc.nat(40), (first, second, count) => {
      const rows = rowsOf(first)
      rows.cutTo(count)
      for (const { owner, at, fields } of second) rows.addFields(owner, at, fields)
      expect(contentOf(rows)).toStrictEqual(plain([...first.slice(0, count), ...second]))
      rows.clear()
      for (const { owner, at, fields } of second) rows.addFields(owner, at, fields)
      expect(contentOf(rows)).toStrictEqual(plain(second))
    }),
  )
})

it('rows outgrow their room', () => {
  const rows = new Rows()
  for (let n = 0; n < 3000; n += 1) rows.addFields(n, 2 * n, { a: n, b: n % 2 === 0, c: -n })
  expect(rows.count).toBe(3000)
  expect(contentOf(rows)[2999]).toEqual({ owner: 2999, at: 5998, fields: { a: 2999, b: false, c: -2999 } })
  expect(contentOf(rows)[0]).toEqual({ owner: 0, at: 0, fields: { a: 0, b: true, c: -0 } })
})

/** Without the prototypes that make equal things unequal. */
function plain<T>(value: T): T {
  return structuredClone(value)
}
