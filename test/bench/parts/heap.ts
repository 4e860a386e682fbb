import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Part } from '../figure.ts'

/** The detector's state of 10,000 sensors that have a day of ten-minute readings behind them. */
export const heap: Part = async (run) => {
  const args = ['--expose-gc', new URL('../detector.ts', import.meta.url).pathname, '10000']
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const found = JSON.parse(stdout) as { sensors: number; heapMb: number; usPerReading: number }
  run.say(`${String(found.sensors)} sensors: ${String(found.heapMb)} MB of heap`)
  return [
    {
      id: 'heap',
      what: 'detector state of 10,000 sensors',
      value: found.heapMb,
      unit: 'MB',
      target: { at: 'most', value: 100 },
    },
    { id: 'heap-reading', what: 'detector, one reading', value: found.usPerReading, unit: 'µs' },
  ]
}
