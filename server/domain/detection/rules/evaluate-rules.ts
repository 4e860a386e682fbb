import type { DeviceEvent } from '#contract/vocabulary.ts'
import type { Instant } from '../../instant.ts'
import type { Values } from '../../telemetry/values.ts'
import type { Site, When } from '../core/context.ts'
import { evaluateRule, ruleDue } from './severity-steps.ts'
import { rulesAt } from './rules.ts'

/** Shows one sample of a device to the rules of its asset; `values` are usable ones only. */
export function observeSample(site: Site, values: Values, when: When): void {
  for (const rule of rulesAt(site.asset.kind)) rule.observe(site, values, when)
}

/** Shows them an alarm that the device decided itself. */
export function observeEvent(site: Site, event: DeviceEvent, when: When): void {
  for (const rule of rulesAt(site.asset.kind)) rule.observeEvent?.(site, event, when)
}

/** Tells them that the device has been judged silent. */
export function observeSilence(site: Site, now: Instant): void {
  for (const rule of rulesAt(site.asset.kind)) rule.observeSilence?.(site, now)
  evaluateRules(site, now)
}

/** Raises and clears what the device's rules have held for long enough. */
export function evaluateRules(site: Site, now: Instant): void {
  for (const rule of rulesAt(site.asset.kind)) evaluateRule(site, rule, now)
}

/** The next instant after `now` at which `evaluateRules` would do something; Infinity: none. */
export function rulesDue(site: Site, now: Instant): Instant {
  let due = Infinity
  for (const rule of rulesAt(site.asset.kind)) due = Math.min(due, ruleDue(site, rule, now) ?? Infinity)
  return due
}
