import { ROUTES } from '#contract/routes.ts'
import type { Config } from '../config.ts'
import type { DataDir } from '../disk/data-dir.ts'
import type { Person } from '../domain/access/actor.ts'
import { digest } from '../flows/access/sign-in.ts'

/** Commands on this machine have a key that only this user can read, the other call centre its own. */
export function programs({ callCentreKey }: Config, dataDir: DataDir): ReadonlyMap<string, Person> {
  const local: Person = {
    kind: 'person',
    id: 'local',
    name: '本机命令',
    roles: ['engineer', 'admin'],
    onlyHere: true,
  }
  const centre: Person = {
    kind: 'person',
    id: 'call-centre',
    name: '外部呼叫中心',
    roles: ['operator'],
    onlyRoutes: [ROUTES.externalCalls],
  }
  const keys: [string, Person][] = [[digest(dataDir.secret('local')), local]]
  if (callCentreKey !== '') keys.push([digest(callCentreKey), centre])
  return new Map(keys)
}
