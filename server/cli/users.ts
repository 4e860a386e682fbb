import { parseArgs } from 'node:util'
import { isRefusal } from '#contract/problem.ts'
import { ROLES, type Role } from '#contract/vocabulary.ts'
import { savePerson } from '../flows/access/people.ts'
import { giveUp } from '../main.ts'
import { alone, byCommand } from './alone.ts'
import { askPassword, print } from './terminal.ts'
import { USAGE } from './usage.ts'

export async function usersCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      role: { type: 'string', multiple: true },
      department: { type: 'string' },
      'full-name': { type: 'string' },
    },
  })
  const [verb, id] = positionals
  if (verb === 'list') {
    const people = await alone((app) => app.people.list())
    for (const { id: name, name: fullName, roles, departmentId } of people) {
      print([name, fullName, roles.join(','), departmentId ?? ''].join('\t'))
    }
    return 0
  }
  if (verb === 'disable' && id !== undefined) {
    const done = await alone((app) => {
      app.audit.record(byCommand('users disable', id))
      return app.people.disable(id, Date.now())
    })
    print(done ? `${id} can no longer sign in` : `there is no ${id}`)
    return done ? 0 : 1
  }
  if (verb !== 'add' || id === undefined) giveUp(['users: add NAME, list or disable NAME', USAGE])
  const roles = values.role ?? []
  const unknown = roles.filter((role) => !isRole(role))
  if (roles.length === 0 || unknown.length > 0) giveUp([`users: --role must be one of ${ROLES.join(', ')}`])
  const password = await askPassword()
  const person = {
    id,
    name: values['full-name'] ?? id,
    roles: roles.filter(isRole),
    password,
    ...(values.department === undefined ? {} : { departmentId: values.department }),
  }
  const saved = await alone((app) => {
    app.audit.record(byCommand('users add', `${id} ${roles.join(',')}`))
    return savePerson(app.people, person, Date.now(), app.registry.current().departments)
  })
  print(isRefusal(saved) ? [saved.detail, saved.detailEn].join('\n') : `${id} can sign in`)
  return isRefusal(saved) ? 1 : 0
}

function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text)
}
