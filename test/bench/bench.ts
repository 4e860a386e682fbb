import { fork } from 'node:child_process'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { baseline, keepBaseline } from './baseline.ts'
import { holds, targetText, valueText, type Figure, type Part } from './figure.ts'
import { cover } from './parts/cover.ts'
import { demo } from './parts/demo.ts'
import { heap } from './parts/heap.ts'
import { ingest } from './parts/ingest.ts'
import { kill } from './parts/kill.ts'
import { outage } from './parts/outage.ts'
import { page } from './parts/page.ts'
import { peers } from './parts/peers.ts'

/**
 * `npm run bench` measures what the product promises of its speed and safety; `-- NAME…` some of the
 * parts, `-- --quick` the short form, `-- --keep` makes the results the ones to commit.
 * `BENCH_PROFILE=DIR` writes CPU profiles of the server there.
 */
const PARTS: Readonly<Record<string, Part>> = { kill, outage, peers, ingest, cover, heap, demo, page }
const print = (line: string): void => void process.stdout.write(`${line}\n`)

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, keep: { type: 'boolean' }, child: { type: 'boolean' } },
})
const quick = values.quick ?? false
const unknown = positionals.filter((name) => !Object.hasOwn(PARTS, name))

if (unknown.length > 0) {
  print(`no such part: ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}`)
  process.exitCode = 2
} else if (values.child === true) await measureHere(positionals[0] ?? '')
else await measureAll(positionals.length === 0 ? Object.keys(PARTS) : positionals)

async function measureHere(name: string): Promise<void> {
  const figures = await PARTS[name]?.({ quick, say: (text) => print(`  ${name}: ${text}`) })
  process.send?.(figures, () => process.exit())
}

async function measureAll(names: readonly string[]): Promise<void> {
  const [model] = cpus().map((cpu) => cpu.model)
  print(
    `${String(availableParallelism())} cores (${model ?? ''}), load ${loadavg()[0]?.toFixed(1) ?? ''} before the start, Node ${process.versions.node}`,
  )
  print('The load generators run on the same cores as the server.')
  const before = baseline()
  const measured: Record<string, readonly Figure[]> = {}
  for (const name of names) {
    const began = performance.now()
    try {
      measured[name] = await inChild(name)
      print(`  ${name}: done in ${((performance.now() - began) / 1000).toFixed(0)} s`)
    } catch (error) {
      print(`  ${name}: ${error instanceof Error ? error.message : String(error)}`)
      process.exitCode = 1
    }
  }
  const rows = Object.entries(measured).flatMap(([part, figures]) =>
    figures.map((figure) => ({
      figure: figure.what,
      target: targetText(figure),
      result: valueText(figure),
      committed: quick ? '' : changeSince(before.get(figure.id), figure),
      ok: { true: 'ok', false: 'NOT OK', undefined: '' }[String(holds(figure))],
      alone: `npm run bench -- ${part}`,
    })),
  )
  console.table(rows)
  if (values.keep === true && !quick) keepBaseline(measured)
  if (
    Object.values(measured)
      .flat()
      .some((figure) => holds(figure) === false)
  )
    process.exitCode = 1
}

/** A process of its own, so that no part inherits another's heap or sockets. */
function inChild(name: string): Promise<readonly Figure[]> {
  const child = fork(import.meta.filename, [name, '--child', ...(quick ? ['--quick'] : [])])
  return new Promise((resolve, reject) => {
    child.once('message', (figures) => resolve(figures as readonly Figure[]))
    child.once('exit', (code) => reject(new Error(`stopped with ${String(code)} before it had measured`)))
  })
}

function changeSince(before: number | undefined, { value, unit }: Figure): string {
  if (before === undefined) return ''
  const told = valueText({ id: '', what: '', value: before, unit })
  return before === 0
    ? told
    : `${told} (${value >= before ? '+' : ''}${((value / before - 1) * 100).toFixed(0)} %)`
}
