import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync, strToU8 } from 'fflate'
import type { ImportGroup } from '#contract/import-mistake.ts'
import type { FilesAnswer } from '#contract/network-mapping.ts'
import { isRefusal, type Refusal } from '#contract/problem.ts'
import { deliveryThread } from '../../server/formats/delivery-thread.ts'
import { importDelivery } from '../../server/flows/network/import-delivery.ts'
import type { DeliveryOrder } from '../../server/flows/network/read-delivery.ts'
import { aRegistry } from '../support/network-registry.ts'

/** Files that GDAL 3.10 wrote: wells and pipes of one street, pipes without ends, one area. */
export const file = (name: string, as = name) => ({
  name: as,
  bytes: readFileSync(new URL(`files/${name}`, import.meta.url)),
})
export const text = (name: string, content: string) => ({ name, bytes: new TextEncoder().encode(content) })

export async function taken(order: DeliveryOrder, dryRun = false) {
  const { registry } = await aRegistry()
  const answer = await importDelivery({ registry, read: deliveryThread }, order, { by: 'engineer', dryRun })
  return { answer, registry, network: registry.current() }
}
export async function imported(order: DeliveryOrder) {
  const { answer, ...rest } = await taken(order)
  if (isRefusal(answer)) throw new Error(JSON.stringify(answer))
  return { answer, ...rest }
}
export const words = (answer: FilesAnswer | Refusal): string => {
  const groups: readonly ImportGroup[] = isRefusal(answer) ? (answer.groups ?? []) : answer.problems
  const detail = isRefusal(answer) ? [answer.detail, answer.detailEn] : []
  return [
    ...detail,
    ...groups.map((one) => `${one.message} / ${one.messageEn} × ${one.count} ${JSON.stringify(one.first)}`),
  ].join('\n')
}

export const EPANET = `[JUNCTIONS]
;ID Elev Demand
11  100  0
12  100  20 ; a station
[RESERVOIRS]
1   160
[PIPES]
10  1   11  500   16  100  0  Open
11  11  12  1000  12  100  0  Open
[COORDINATES]
1   500000 4418000
11  500500 4418000
12  500900 4418000
[VERTICES]
11  500700 4418050
[OPTIONS]
Units GPM
Headloss H-W
`

/** A workbook of one sheet as programs write it; `more` stands below the rows. */
export function aWorkbook(rows: readonly (readonly (string | number)[])[], more = '') {
  const cells = (row: readonly (string | number)[], at: number) =>
    row.map((value, i) => {
      const name = `${'ABCDEFGH'[i] ?? ''}${at}`
      if (typeof value === 'number') return `<c r="${name}"${i === 5 ? ' s="1"' : ''}><v>${value}</v></c>`
      return value.startsWith('=')
        ? `<c r="${name}"><f>${value.slice(1)}</f></c>`
        : `<c r="${name}" t="inlineStr"><is><t>${value}</t></is></c>`
    })
  const body = rows.map((row, i) => `<row r="${i + 1}">${cells(row, i + 1).join('')}</row>`).join('')
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const packaged = 'http://schemas.openxmlformats.org/package/2006/relationships'
  const files = {
    '[Content_Types].xml': `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${packaged}"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="井" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packaged}"><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData>${body}${more}</sheetData></worksheet>`,
  }
  return {
    name: 'wells.xlsx',
    bytes: zipSync(Object.fromEntries(Object.entries(files).map(([name, xml]) => [name, strToU8(xml)]))),
  }
}

export const anotherDatabase = () => {
  const dir = mkdtempSync(join(tmpdir(), 'other-'))
  const db = new DatabaseSync(join(dir, 'a.db'))
  db.exec('CREATE TABLE well (id TEXT)')
  db.close()
  const bytes = readFileSync(join(dir, 'a.db'))
  rmSync(dir, { recursive: true })
  return { name: 'wells.gpkg', bytes }
}
export const WELLS = '编号,名称,类型,经度,纬度\n'
export const gbk = (content: string) => Uint8Array.from(Buffer.from(content, 'latin1'))
