import type { TicketKind } from '#contract/vocabulary.ts'
import type { Incident, IncidentMember } from './incident.ts'

/** One thing to repair: a ticket of its own. */
export interface Defect {
  readonly key: string
  readonly kind: TicketKind
  /** Undefined: not located. */
  readonly assetId?: string
  /** The ticket that it already has. */
  readonly ticketId?: string
  readonly members: readonly IncidentMember[]
}

const ONE_PER_INCIDENT: ReadonlySet<TicketKind> = new Set<TicketKind>(['primary_leak', 'hes_secondary'])

/** A cover and a venting well are defects of their well; a leak or a station fault is one per incident. */
export function defectKey(kind: TicketKind, assetId: string | undefined): string {
  return ONE_PER_INCIDENT.has(kind) ? kind : `${kind} ${assetId ?? ''}`
}

/** The defects of an incident, oldest first, each with the ticket that it has or none yet. */
export function defectsOf(incident: Pick<Incident, 'members'>): readonly Defect[] {
  const defects = new Map<string, IncidentMember[]>()
  for (const member of incident.members) {
    const key = defectKey(member.kind, member.assetId)
    defects.set(key, [...(defects.get(key) ?? []), member])
  }
  return [...defects].flatMap(([key, members]) => {
    const first = members[0]
    if (first === undefined) return []
    const assetId = members.find((member) => member.assetId !== undefined)?.assetId
    const ticketId = members.find((member) => member.ticketId !== undefined)?.ticketId
    return [
      {
        key,
        kind: first.kind,
        members,
        ...(assetId === undefined ? {} : { assetId }),
        ...(ticketId === undefined ? {} : { ticketId }),
      },
    ]
  })
}

/** Gravest first: a cover is 特级, the others 一级; among equals the first one. */
export function incidentKind(members: readonly IncidentMember[]): TicketKind {
  const first = members[0]
  if (first === undefined) throw new Error('an incident without members has no kind')
  return members.some((member) => member.kind === 'cover') ? 'cover' : first.kind
}
