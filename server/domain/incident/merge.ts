import type { LocalizedText } from '#contract/text.ts'
import { refuse, type Refusal } from '#contract/problem.ts'
import type { DetectionSettings } from '../detection/core/settings.ts'
import type { Instant } from '../instant.ts'
import { confidenceOf, stateOf } from './confidence.ts'
import { incidentKind } from './defects.ts'
import type { Incident, IncidentMember } from './incident.ts'

interface Reasoned {
  readonly reason: LocalizedText
  readonly at: Instant
  readonly settings: DetectionSettings
}

/** Two incidents that are one event. `from` keeps its members, so that `unmerge` gives it back whole. */
export function merge(into: Incident, from: Incident, by: Reasoned): readonly [Incident, Incident] | Refusal {
  if (into.id === from.id)
    return refuse('bad-value', { zh: '不能与自己合并', en: 'nothing is merged with itself' })
  if (isOver(into) || isOver(from))
    return refuse('wrong-state', { zh: '事件已关闭或已合并', en: 'the incident is closed or merged' })
  const moved = from.members.map((member) => ({
    ...member,
    joinedAt: by.at,
    why: by.reason,
    mergedFrom: member.mergedFrom ?? from.id,
  }))
  const joined = rebuilt(into, [...into.members, ...moved], by.settings)
  const merged: Incident = { ...from, version: from.version + 1, state: 'merged', mergedInto: into.id }
  return [
    {
      ...joined,
      openedAt: Math.min(into.openedAt, from.openedAt),
      eventAt: Math.min(into.eventAt, from.eventAt),
      assetIds: [...new Set([...into.assetIds, ...from.assetIds])],
      located: into.located || from.located,
      candidates: into.located || into.candidates.length > 0 ? into.candidates : from.candidates,
      ...(into.position === undefined && from.position !== undefined ? { position: from.position } : {}),
    },
    merged,
  ]
}

/** Takes a merge back. What has joined since stays where it is. */
export function unmerge(
  into: Incident,
  from: Incident,
  settings: DetectionSettings,
): readonly [Incident, Incident] | Refusal {
  if (from.state !== 'merged' || from.mergedInto !== into.id)
    return refuse('wrong-state', {
      zh: '该事件未合并到此事件',
      en: 'that incident is not merged into this one',
    })
  const stay = into.members.filter((member) => member.mergedFrom !== from.id)
  if (stay.length === 0)
    return refuse('wrong-state', {
      zh: '合并后的事件没有自己的成员',
      en: 'the merged incident has nothing of its own',
    })
  const news = new Map(into.members.map((member) => [member.id, member]))
  const back = from.members.map((member) => ({ ...member, ...cleared(news.get(member.id)) }))
  const whole: Writable = { ...from, state: 'suspected' }
  delete whole.mergedInto
  const gone = new Set(from.assetIds.filter((id) => !stay.some((member) => member.assetId === id)))
  return [
    { ...rebuilt(into, stay, settings), assetIds: into.assetIds.filter((id) => !gone.has(id)) },
    { ...rebuilt(whole, back, settings), version: from.version + 1 },
  ]
}

function cleared(member: IncidentMember | undefined): { readonly clearedAt?: Instant } {
  return member?.clearedAt === undefined ? {} : { clearedAt: member.clearedAt }
}

/** Members that are another event: the incident without them, and a new one of them. */
export function split(
  incident: Incident,
  memberIds: readonly string[],
  by: Reasoned & { readonly newId: string },
): readonly [Incident, Incident] | Refusal {
  if (isOver(incident))
    return refuse('wrong-state', { zh: '事件已关闭或已合并', en: 'the incident is closed or merged' })
  const wanted = new Set(memberIds)
  const taken = incident.members.filter((member) => wanted.has(member.id))
  const rest = incident.members.filter((member) => !wanted.has(member.id))
  if (taken.length !== wanted.size)
    return refuse('bad-value', {
      zh: '所选成员不属于该事件',
      en: 'what is chosen does not belong to the incident',
    })
  if (taken.length === 0 || rest.length === 0)
    return refuse('bad-value', {
      zh: '拆分后两个事件都要有成员',
      en: 'after a split both incidents need something of their own',
    })
  const moved = taken.map((member) => ({ ...member, joinedAt: by.at, why: by.reason }))
  const bare: Writable = { ...incident, id: by.newId, version: 0, state: 'suspected' }
  delete bare.acknowledgedAt
  delete bare.acknowledgedBy
  delete bare.acknowledgedById
  delete bare.shelvedUntil
  delete bare.shelvedBy
  delete bare.shelvedReason
  return [
    placed(rebuilt(incident, rest, by.settings), rest),
    placed(rebuilt(bare, moved, by.settings), taken),
  ]
}

type Writable = { -readonly [Key in keyof Incident]: Incident[Key] }

/** Keeps of the whole's places and times those that the part's members speak of. */
function placed(part: Incident, members: readonly IncidentMember[]): Incident {
  const assetIds = [...new Set(members.flatMap((member) => member.assetId ?? []))]
  const candidates =
    assetIds.length === 0
      ? part.candidates
      : assetIds.map((assetId) => ({ assetId, share: 1 / assetIds.length }))
  return { ...part, assetIds, candidates, openedAt: Math.min(...members.map((member) => member.joinedAt)) }
}

function rebuilt(
  incident: Incident,
  members: readonly IncidentMember[],
  settings: DetectionSettings,
): Incident {
  return {
    ...incident,
    version: incident.version + 1,
    members,
    kind: incidentKind(members),
    confidence: confidenceOf(members, settings),
    state: stateOf(members, incident.state, settings),
  }
}

function isOver(incident: Incident): boolean {
  return incident.state === 'closed' || incident.state === 'merged'
}
