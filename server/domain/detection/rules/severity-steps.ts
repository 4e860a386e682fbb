import { HOUR, MINUTE, type Instant } from '../../instant.ts'
import type { Site, When } from '../core/context.ts'
import type { Finding } from '../core/finding.ts'
import { clearAt, createHoldTimer, heldAt, observeVerdict, type Verdict } from '../core/hold-timer.ts'
import { clearFault, keepFault, raiseFault } from '../health/faults.ts'
import type { Delays, DeviceRule, Reached } from './rule.ts'
import type { HoldTimer, SeveritySteps } from '../core/state.ts'

/** The state of a rule at a device, made when the rule first sees something. */
export function stepsOf({ device }: Site, { name, steps }: DeviceRule): SeveritySteps {
  return (device.rules[name] ??= { steps: Array.from({ length: steps }, createHoldTimer), step: -1 })
}

/** Takes in what one sample says of one step. */
export function observeStep(
  steps: readonly HoldTimer[],
  step: number,
  verdict: Verdict,
  { at, receivedAt }: When,
): void {
  const timer = steps[step]
  if (timer !== undefined) observeVerdict(timer, verdict, at, receivedAt)
}

/** Nothing held, raised or explained: the usual case, which must cost next to nothing. */
function isQuiet(steps: SeveritySteps): boolean {
  if (steps.raised !== undefined || steps.explained !== undefined) return false
  return !isHeld(steps)
}

/** Whether some step is bad at present. */
export function isHeld({ steps }: SeveritySteps): boolean {
  for (const timer of steps) if (timer.badSince !== 0) return true
  return false
}

/** Raises, escalates and clears what is due for a rule up to `now`. */
export function evaluateRule(site: Site, rule: DeviceRule, now: Instant): void {
  const steps = site.device.rules[rule.name]
  if (steps === undefined || isQuiet(steps)) return
  const delays = rule.decide(site)
  const reached = gravestHeld(steps, delays, now)
  if (reached === undefined) delete steps.explained
  else if (reached.step > steps.step) reach(site, rule, reached, now)

  const { raised } = steps
  const clearedAt = raised === undefined ? undefined : stepsClearAt(steps, delays.clearMs)
  if (raised === undefined || clearedAt === undefined || clearedAt > now) return
  clear(site, raised, rule, clearedAt)
  delete steps.raised
  steps.step = -1
}

function reach(
  site: Site,
  rule: DeviceRule,
  held: { readonly step: number; readonly at: Instant },
  now: Instant,
): void {
  const steps = stepsOf(site, rule)
  const reached: Reached = {
    step: held.step,
    // Once explained, it is known only from the end of the explanation on.
    at: steps.explained === undefined ? held.at : now,
    eventAt: steps.raised?.eventAt ?? Math.min(...steps.steps.map((timer) => timer.badSince || Infinity)),
  }
  const newest = Math.max(...steps.steps.map((timer) => timer.badLast))
  if (reached.at - newest > site.run.context.settings.lateEventH * HOUR) {
    const fault = rule.describeLate?.(site, reached, newest)
    if (fault !== undefined) raiseFault(site.run, site.device, fault)
    delete steps.explained
    for (const timer of steps.steps) timer.badSince = 0
  } else if (rule.isExplained?.(site, reached.at) === true) {
    steps.explained = 'check-in'
  } else {
    delete steps.explained
    raise(site, steps, rule.describe(site, reached))
    steps.step = reached.step
  }
}

function raise({ run, device }: Site, steps: SeveritySteps, made: Finding): void {
  const before = steps.raised
  const finding: Finding =
    before === undefined || made.kind === 'device' ? made : { ...made, id: before.id, phase: 'updated' }
  steps.raised = finding
  if (finding.kind === 'device') keepFault(run, device, finding)
  else if (before === undefined || !saysTheSame(before, finding)) run.findings.push(finding)
}

function saysTheSame(before: Finding, finding: Finding): boolean {
  if (before.evidence.rule !== finding.evidence.rule) return false
  return weightOf(before) === weightOf(finding)
}

function weightOf(finding: Finding): number {
  return finding.kind === 'emergency' ? finding.logOdds : 0
}

function clear(site: Site, raised: Finding, rule: DeviceRule, at: Instant): void {
  const evidence = rule.describeCleared(site, raised)
  if (raised.kind !== 'device') site.run.findings.push({ ...raised, phase: 'cleared', at, evidence })
  else clearFault(site.run, site.device, { ...raised, at, why: evidence.sentence })
}

function gravestHeld(
  { steps }: SeveritySteps,
  delays: Delays,
  now: Instant,
): { readonly step: number; readonly at: Instant } | undefined {
  for (let step = steps.length - 1; step >= 0; step -= 1) {
    const timer = steps[step]
    const at = timer === undefined ? undefined : heldAt(timer, delays, step, now)
    if (at !== undefined && at <= now) return { step, at }
  }
  return undefined
}

/** All steps good for long enough, those never observed aside. */
function stepsClearAt({ steps }: SeveritySteps, holdMs: number): Instant | undefined {
  let latest: Instant | undefined
  for (const timer of steps) {
    if (timer.badSince === 0 && timer.badLast === 0 && timer.okSince === 0) continue
    const at = clearAt(timer, holdMs)
    if (at === undefined) return undefined
    if (latest === undefined || at > latest) latest = at
  }
  return latest
}

/** The next instant after `now` at which `evaluateRule` would do something. */
export function ruleDue(site: Site, rule: DeviceRule, now: Instant): Instant | undefined {
  const state = site.device.rules[rule.name]
  if (state === undefined || isQuiet(state)) return undefined
  const delays = rule.decide(site)
  let due: Instant | undefined
  for (let step = state.step + 1; step < state.steps.length; step += 1) {
    const timer = state.steps[step]
    const at = timer === undefined ? undefined : heldAt(timer, delays, step, now)
    if (at === undefined) continue
    // Held and yet not raised: it is explained, and the explanation may end.
    const next = at > now ? at : now + MINUTE
    if (due === undefined || next < due) due = next
  }
  const clear = state.raised === undefined ? undefined : stepsClearAt(state, delays.clearMs)
  if (clear !== undefined && (due === undefined || clear < due)) due = Math.max(clear, now + 1)
  return due
}
