import { giveUp } from '../main.ts'
import { alone, byCommand } from './alone.ts'
import { print } from './terminal.ts'
import { USAGE } from './usage.ts'

export async function devicesCommand([verb, ...ids]: string[]): Promise<number> {
  if ((verb !== 'issue' && verb !== 'revoke') || ids.length === 0)
    giveUp(['devices: issue ID… or revoke ID…', USAGE])
  return alone(async ({ audit, credentials, registry }) => {
    let failed = 0
    for (const id of ids) {
      audit.record(byCommand(`devices ${verb}`, id))
      if (verb === 'revoke') {
        const done = await credentials.revoke(id)
        print(done ? `${id}\trevoked` : `${id}\thas no secret`)
        continue
      }
      const secret = registry.current().devices.has(id) ? await credentials.issue(id) : undefined
      if (typeof secret !== 'string') failed += 1
      print(typeof secret === 'string' ? `${id}\t${secret}` : `${id}\tis in no network file`)
    }
    return failed === 0 ? 0 : 1
  })
}
