import { closeSync, createReadStream, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { DEFAULT_SETTINGS } from '../domain/detection/catalogue.ts'
import { buildNetwork } from '../domain/network/build.ts'
import { checkNetworkFile, readNetworkBytes } from '../domain/network/import/prepare.ts'
import type { Network } from '../domain/network/network.ts'
import { backtest } from '../flows/backtest/backtest.ts'
import type { ReadingsFile } from '../flows/backtest/lines.ts'
import { importBar } from '../flows/network/import-bar.ts'

export interface BacktestFiles {
  readonly network: string
  readonly readings: string
  readonly out: string
}

const CHUNK_BYTES = 1 << 20

/** `npm run backtest`: files in, a file of JSON lines out, the account told line by line. True if it ran. */
export async function runBacktest(files: BacktestFiles, tell: (line: string) => void): Promise<boolean> {
  const network = readNetwork(files.network, tell)
  if (network === undefined) return false
  const readings = readingsFile(files.readings)
  const out = openSync(files.out, 'w')
  const bar = importBar()
  try {
    const done = await backtest({
      network,
      readings,
      settings: DEFAULT_SETTINGS,
      say: (change) => void writeSync(out, `${JSON.stringify(change)}\n`),
      progress: bar.progress,
    })
    bar.stop()
    for (const { zh, en } of done.account) tell(`${en} / ${zh}`)
    if (!done.usable) tell(`${files.readings}: no line could be used`)
    return done.usable
  } finally {
    bar.stop()
    closeSync(out)
  }
}

function readNetwork(name: string, tell: (line: string) => void): Network | undefined {
  const read = readNetworkBytes(readFileSync(name))
  const checked =
    'mistake' in read ? { kind: 'bad' as const, mistakes: [read.mistake] } : checkNetworkFile(read.raw)
  if (checked.kind === 'good') {
    for (const warning of checked.warnings) tell(`network: ${warning}`)
    return buildNetwork(checked.file, 1)
  }
  tell(`${name} was refused: ${String(checked.mistakes.length)} mistakes`)
  for (const { featureId, path, message } of checked.mistakes) {
    tell(`  ${[featureId, path].filter((part) => part !== '').join(' ')}: ${message}`)
  }
  return undefined
}

function readingsFile(name: string): ReadingsFile {
  return {
    bytes: statSync(name).size,
    open: () => createReadStream(name, { encoding: 'utf8', highWaterMark: CHUNK_BYTES }),
  }
}
