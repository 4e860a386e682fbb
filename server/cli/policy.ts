import { parseArgs } from 'node:util'
import { withNames } from '#contract/former-names.ts'
import { checkPolicy } from '../domain/policy/check-policy.ts'
import { doubtsOf } from '../domain/policy/compare-limits.ts'
import { PACK_FILE_SCHEMA } from '../domain/policy/pack-file-schema.ts'
import { PACKS } from '../domain/policy/packs.ts'
import type { PolicyPack } from '../domain/policy/policy-pack.ts'
import { WUDA } from '../domain/policy/wuda.ts'
import { giveUp } from '../main.ts'
import { formerNames } from '../wiring/policy-files.ts'
import { jsonOrExit, print } from './terminal.ts'
import { USAGE } from './usage.ts'

export function policyCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      schema: { type: 'boolean' },
      print: { type: 'boolean' },
      check: { type: 'string' },
      convert: { type: 'string' },
    },
  })
  if (values.schema === true) print(JSON.stringify(PACK_FILE_SCHEMA, null, 2))
  else if (values.print === true) print(JSON.stringify(packOrExit(positionals[0]), null, 2))
  else if (values.check !== undefined) return Promise.resolve(checkFile(values.check))
  else if (values.convert !== undefined)
    print(JSON.stringify(withNames(jsonOrExit(values.convert)).value, null, 2))
  else giveUp(['policy: --schema, --check FILE, --convert FILE or --print', USAGE])
  return Promise.resolve(0)
}

function packOrExit(id = WUDA.id): PolicyPack {
  const names = [...PACKS.keys()].join(', ')
  return PACKS.get(id) ?? giveUp([`policy: no pack ${id}; there are ${names}`])
}

function checkFile(name: string): number {
  const result = checkPolicy(jsonOrExit(name))
  if ('mistakes' in result) {
    for (const { path, message } of result.mistakes) print(`${path}: ${message}`)
    print(`${name}: ${String(result.mistakes.length)} mistakes`)
    return 1
  }
  if (result.renamed.size > 0) print(formerNames(result.renamed))
  for (const { path, message } of doubtsOf(result.pack)) print(`is this meant? ${path}: ${message}`)
  print(`${name} can be used`)
  return 0
}
