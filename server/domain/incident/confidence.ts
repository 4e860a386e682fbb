import type { IncidentState } from '#contract/vocabulary.ts'
import type { DetectionSettings } from '../detection/core/settings.ts'
import type { IncidentMember } from './incident.ts'

/**
 * Log-odds that something is really wrong: the prior and each independent piece of evidence once. The same
 * rule of the same sensor is one piece, however often it spoke.
 */
export function confidenceOf(members: readonly IncidentMember[], settings: DetectionSettings): number {
  const pieces = new Map<string, number>()
  for (const member of members) {
    const piece = pieceOf(member)
    pieces.set(piece, Math.max(pieces.get(piece) ?? -Infinity, member.logOdds))
  }
  return [...pieces.values()].reduce((sum, logOdds) => sum + logOdds, settings.prior)
}

function pieceOf(member: IncidentMember): string {
  if (member.type === 'call') return member.id
  const { evidence } = member
  const rule = evidence?.rule.split('.')[0] ?? member.kind
  return `${rule} ${evidence?.sensors?.[0]?.deviceId ?? member.assetId ?? member.id}`
}

/**
 * What an open incident's evidence makes of it. Once confirmed it is never doubted again; a caller has
 * seen it, so no sensor clears it (G2), and the gate is for sensors alone.
 */
export function stateOf(
  members: readonly IncidentMember[],
  before: IncidentState | undefined,
  settings: DetectionSettings,
): IncidentState {
  if (before === 'closed' || before === 'merged') return before
  if (members.some((member) => member.type === 'call')) return 'confirmed'
  if (members.length > 0 && members.every((member) => member.clearedAt !== undefined)) return 'cleared'
  if (before === 'confirmed') return 'confirmed'
  return confidenceOf(members, settings) >= settings.confirmAt ? 'confirmed' : 'suspected'
}
