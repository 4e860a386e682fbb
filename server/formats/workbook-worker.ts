import { parentPort, workerData } from 'node:worker_threads'
import { utils, write } from '@e965/xlsx'
import type { Row } from '../domain/csv.ts'

const { sheet, rows } = workerData as { readonly sheet: string; readonly rows: Row[] }
const book = { SheetNames: [sheet], Sheets: { [sheet]: utils.aoa_to_sheet(rows.map((row) => [...row])) } }
parentPort?.postMessage(new Uint8Array(write(book, { type: 'array', bookType: 'xlsx', compression: true })))
