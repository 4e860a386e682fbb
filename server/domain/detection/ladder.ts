import type { Evidence } from '#contract/incident.ts'
import type { Instant } from '../instant.ts'
import type { EmergencyFinding } from './finding.ts'
import type { Run, When, Site } from './run.ts'
import type { Ladder } from './state.ts'
import { clearAt, createWatch, heldAt, judge, type Verdict } from './watch.ts'

export function createLadder(steps: number): Ladder {
  return { steps: Array.from({ length: steps }, createWatch), step: -1 }
}

/** Nothing held, raised or explained: the usual case, which must cost next to nothing. */
function isQuiet(ladder: Ladder): boolean {
  if (ladder.raised !== undefined || ladder.explained !== undefined) return false
  for (const watch of ladder.steps) if (watch.badSince !== 0) return false
  return true
}

/** Takes in what one sample says of one step. */
export function see(ladder: Ladder, step: number, verdict: Verdict, { at, receivedAt }: When): void {
  const watch = ladder.steps[step]
  if (watch !== undefined) judge(watch, verdict, at, receivedAt)
}

/** `explained`: asked again a minute later. `too_late`: the run is forgotten. */
export type Raising = EmergencyFinding | 'explained' | 'too_late'

/** How one kind of defect turns a confirmed step into words. */
export interface LadderRule {
  /** Milliseconds that each step has to be held. */
  readonly holds: readonly number[]
  readonly clearMs: number
  raise(step: number, at: Instant, eventAt: Instant): Raising
  cleared(raised: EmergencyFinding): Evidence
}

/** Raises, escalates and clears what is due up to `now`. */
export function settleLadder(
  site: Site,
  ladder: Ladder | undefined,
  ruleOf: (site: Site) => LadderRule,
  now: Instant,
): void {
  if (ladder === undefined || isQuiet(ladder)) return
  const { run } = site
  const rule = ruleOf(site)
  const reached = gravestHeld(ladder, rule, now)
  if (reached === undefined) delete ladder.explained
  else if (reached.step > ladder.step) raise(run, ladder, rule, { ...reached, now })

  const raised = ladder.raised
  const clearedAt = ladderClearAt(ladder, rule.clearMs)
  if (raised === undefined || clearedAt === undefined || clearedAt > now) return
  run.findings.push({ ...raised, phase: 'cleared', at: clearedAt, evidence: rule.cleared(raised) })
  delete ladder.raised
  ladder.step = -1
}

function raise(
  run: Run,
  ladder: Ladder,
  rule: LadderRule,
  reached: { readonly step: number; readonly at: Instant; readonly now: Instant },
): void {
  const eventAt = Math.min(...ladder.steps.map((watch) => watch.badSince || Infinity))
  // Once explained, it is known as an emergency only from the end of the explanation on.
  const at = ladder.explained === undefined ? reached.at : reached.now
  const made = rule.raise(reached.step, at, ladder.raised?.eventAt ?? eventAt)
  if (made === 'explained') {
    ladder.explained = 'check-in'
    return
  }
  delete ladder.explained
  if (made === 'too_late') {
    for (const watch of ladder.steps) watch.badSince = 0
    return
  }
  const before = ladder.raised
  const finding: EmergencyFinding = before === undefined ? made : { ...made, id: before.id, phase: 'updated' }
  ladder.raised = finding
  ladder.step = reached.step
  const news = before === undefined || before.rule !== finding.rule || before.logOdds !== finding.logOdds
  if (news) run.findings.push(finding)
}

function gravestHeld(
  ladder: Ladder,
  rule: LadderRule,
  now: Instant,
): { readonly step: number; readonly at: Instant } | undefined {
  for (let step = ladder.steps.length - 1; step >= 0; step -= 1) {
    const watch = ladder.steps[step]
    const at = watch === undefined ? undefined : heldAt(watch, rule.holds[step] ?? 0, now)
    if (at !== undefined && at <= now) return { step, at }
  }
  return undefined
}

/** All steps good for long enough, those never observed aside. */
function ladderClearAt(ladder: Ladder, holdMs: number): Instant | undefined {
  let latest: Instant | undefined
  for (const watch of ladder.steps) {
    if (watch.badSince === 0 && watch.badLast === 0 && watch.okSince === 0) continue
    const at = clearAt(watch, holdMs)
    if (at === undefined) return undefined
    if (latest === undefined || at > latest) latest = at
  }
  return latest
}

/** The next instant after `now` at which `settleLadder` would do something. */
export function ladderDue(
  site: Site,
  ladder: Ladder | undefined,
  ruleOf: (site: Site) => LadderRule,
  now: Instant,
): Instant | undefined {
  if (ladder === undefined || isQuiet(ladder)) return undefined
  const rule = ruleOf(site)
  let due: Instant | undefined
  for (let step = ladder.step + 1; step < ladder.steps.length; step += 1) {
    const watch = ladder.steps[step]
    const at = watch === undefined ? undefined : heldAt(watch, rule.holds[step] ?? 0, now)
    if (at === undefined) continue
    // Held and yet not raised: it is explained, and the explanation may end.
    const next = at > now ? at : now + 60_000
    if (due === undefined || next < due) due = next
  }
  const clear = ladder.raised === undefined ? undefined : ladderClearAt(ladder, rule.clearMs)
  if (clear !== undefined && (due === undefined || clear < due)) due = Math.max(clear, now + 1)
  return due
}
