import { fork } from 'node:child_process'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { baseline, keepBaseline } from './baseline.ts'
import { holds, targetText, valueText, type Figure, type Part } from './figure.ts'

/** A command that measures parts one after the other and prints one table. */
export interface Suite {
  /** As a person types it. */
  readonly command: string
  /** The script itself, started anew for each part. */
  readonly script: string
  readonly parts: Readonly<Record<string, Part>>
  /** JSON of the committed figures. */
  readonly results: URL
}

const print = (line: string): void => void process.stdout.write(`${line}\n`)

/** `NAME…` some of the parts, `--quick` the short form, `--keep` makes the results the ones to commit. */
export async function measure(suite: Suite): Promise<void> {
  const { parts } = suite
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: 'boolean' }, keep: { type: 'boolean' }, child: { type: 'boolean' } },
  })
  const { quick = false, keep = false, child = false } = values
  const unknown = positionals.filter((name) => !Object.hasOwn(parts, name))
  if (unknown.length > 0) {
    print(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`)
    process.exitCode = 2
  } else if (child) await measureHere(suite, positionals[0] ?? '', quick)
  else await measureAll(suite, positionals.length === 0 ? Object.keys(parts) : positionals, { quick, keep })
}

async function measureHere({ parts }: Suite, name: string, quick: boolean): Promise<void> {
  const figures = await parts[name]?.({ quick, say: (text) => print(`  ${name}: ${text}`) })
  process.send?.(figures, () => process.exit())
}

async function measureAll(
  suite: Suite,
  names: readonly string[],
  { quick, keep }: { readonly quick: boolean; readonly keep: boolean },
): Promise<void> {
  const [model] = cpus().map((cpu) => cpu.model)
  print(
    `${String(availableParallelism())} cores (${model ?? ''}), load ${loadavg()[0]?.toFixed(1) ?? ''} before the start, Node ${process.versions.node}`,
  )
  print('The load generators run on the same cores as the server.')
  const before = baseline(suite.results)
  const measured: Record<string, readonly Figure[]> = {}
  for (const name of names) {
    const began = performance.now()
    try {
      measured[name] = await inChild(suite.script, name, quick)
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
      alone: `${suite.command} -- ${part}`,
    })),
  )
  console.table(rows)
  if (keep && !quick) keepBaseline(suite.results, measured)
  const all = Object.values(measured).flat()
  if (all.some((figure) => holds(figure) === false)) process.exitCode = 1
}

/** A process of its own, so that no part inherits another's heap or sockets. */
function inChild(script: string, name: string, quick: boolean): Promise<readonly Figure[]> {
  const child = fork(script, [name, '--child', ...(quick ? ['--quick'] : [])])
  return new Promise((resolve, reject) => {
    // What never came is endless; on the way between processes that is null.
    const whole = (figure: Figure): Figure => ({ ...figure, value: figure.value ?? Infinity })
    child.once('message', (figures) => resolve((figures as readonly Figure[]).map(whole)))
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
