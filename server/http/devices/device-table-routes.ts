import Type from 'typebox'
import { DeviceImportAnswer, DeviceMapping } from '#contract/device-list.ts'
import { isRefusal, refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { csvOf } from '../../domain/csv.ts'
import { deviceTable } from '../../domain/network/device-export.ts'
import { MAX_FILE_BYTES } from '../../domain/network/import/prepare.ts'
import type { NetworkRegistry } from '../../flows/network/change-network.ts'
import type { WriteWorkbook } from '../../flows/ports.ts'
import { importDevices, type ReadDeviceTable } from '../../flows/network/import-devices.ts'
import { COSTLY } from '../core/costly-reads.ts'
import { fieldOf, formIn, takeForms } from '../core/forms.ts'
import { actorOf, actorWith, answer, only, type Http } from '../core/http.ts'

export interface DeviceTableOptions {
  readonly registry: Pick<NetworkRegistry, 'current' | 'changeDevices'>
  readonly read: ReadDeviceTable
  readonly writeWorkbook: WriteWorkbook
}

const ImportQuery = Type.Object({
  dryRun: Type.Optional(Type.Boolean({ description: 'say what would change, change nothing' })),
})
const ExportQuery = Type.Object({
  lang: Type.Optional(
    Type.Enum(['zh', 'en'], { description: 'of the columns and words; either can be imported again' }),
  ),
})
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const ONE_FILE = refuse('bad-request', { zh: '一次导入一个文件', en: 'one file is imported at once' })
const NO_FORM = refuse('bad-request', {
  zh: '请以 multipart/form-data 上传一个 CSV 或 XLSX 文件',
  en: 'send one CSV or XLSX file as multipart/form-data',
})

/** The list of devices as a table, in and out. In a scope of its own: only here may a form be 50 MB. */
export function deviceTableRoutes(options: DeviceTableOptions): (scope: Http) => Promise<void> {
  const { registry, read, writeWorkbook } = options
  return async (scope) => {
    await takeForms(scope)
    scope.post(
      ROUTES.devicesImport,
      {
        bodyLimit: MAX_FILE_BYTES,
        schema: { querystring: ImportQuery, response: { 200: DeviceImportAnswer } },
        onRequest: only('engineer', 'admin'),
      },
      async (request, reply) => {
        if (!request.isMultipart()) return answer(reply, NO_FORM)
        const form = await formIn(request.parts())
        if (isRefusal(form)) return answer(reply, form)
        const [file, ...others] = form.files
        if (file === undefined || others.length > 0) return answer(reply, ONE_FILE)
        const mapping = fieldOf(form.fields, 'mapping', DeviceMapping)
        if (isRefusal(mapping)) return answer(reply, mapping)
        const order = { files: [file] as const, ...(mapping === undefined ? {} : { mapping }) }
        const { dryRun = false } = request.query
        return answer(
          reply,
          await importDevices({ registry, read }, order, { by: actorOf(request).id, dryRun }),
        )
      },
    )
    scope.get(
      ROUTES.devicesCsv,
      { schema: { querystring: ExportQuery }, config: COSTLY },
      async (request, reply) => {
        actorWith(request, 'engineer', 'admin')
        const rows = deviceTable(registry.current(), request.query.lang ?? 'en')
        return reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', 'attachment; filename="devices.csv"')
          .send(csvOf(rows))
      },
    )
    scope.get(
      ROUTES.devicesXlsx,
      { schema: { querystring: ExportQuery }, config: COSTLY },
      async (request, reply) => {
        actorWith(request, 'engineer', 'admin')
        const { lang = 'en' } = request.query
        const rows = deviceTable(registry.current(), lang)
        const bytes = await writeWorkbook(lang === 'zh' ? '设备' : 'devices', rows)
        return reply
          .type(XLSX)
          .header('content-disposition', 'attachment; filename="devices.xlsx"')
          .send(Buffer.from(bytes))
      },
    )
  }
}
