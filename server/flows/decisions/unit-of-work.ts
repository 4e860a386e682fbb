import type { Incident } from '../../domain/incident/incident.ts'
import type { Ticket } from '../../domain/ticket/ticket.ts'
import type { Changes, Repositories } from './decisions.ts'

/**
 * The repositories of one transaction, which remember its incidents: one is read once, however many ask, and
 * the screens are shown what was saved.
 */
export function unitOfWork({ tickets, incidents, ...others }: Repositories, changes: Changes): Repositories {
  const known = new Map<string, Promise<Incident | undefined>>()
  const folds = new Map<string, Promise<readonly Ticket[]>>()
  return {
    ...others,
    incidents: {
      ...incidents,
      load: (id) => once(known, id, () => incidents.load(id)),
      async save(incident, at) {
        await incidents.save(incident, at)
        known.set(incident.id, Promise.resolve(incident))
        changes.incidents.add(incident.id)
      },
    },
    tickets: {
      ...tickets,
      async foldsOf(ids) {
        const [id, ...more] = ids
        if (id === undefined || more.length > 0) return tickets.foldsOf(ids)
        return once(folds, id, () => tickets.foldsOf([id]))
      },
      append(version, after, nextDueAt) {
        folds.clear()
        return tickets.append(version, after, nextDueAt)
      },
    },
  }
}

function once<Value>(known: Map<string, Value>, id: string, read: () => Value): Value {
  const found = known.get(id) ?? read()
  known.set(id, found)
  return found
}
