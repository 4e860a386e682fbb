import Type, { type Static, type TObject, type TProperties } from 'typebox'
import Value from 'typebox/value'
import { Id } from '#contract/identity.ts'
import type { LocalizedText } from '#contract/text.ts'
import { LEVELS } from '#contract/vocabulary.ts'
import { RUNGS } from '../domain/notification/ladder.ts'
import type { ChannelScope } from '../domain/notification/reach.ts'
import type { MessageChannel, WebhookChannel } from '../flows/notification/outbox.ts'
import type { Guard } from './guard.ts'
import type { Language } from './words.ts'

/** What every channel is given. Signatures need the wall clock, whatever the business clock says. */
export interface Surroundings {
  readonly guard: Guard
  readonly language: Language
  readonly wallNow: () => number
}

interface Kind<Name extends string, Own extends TProperties> {
  /** What it is called in the configuration file. */
  readonly type: Name
  /** What it is called on the page. */
  readonly name: LocalizedText
  /** Its own keys in the configuration file; a secret among them is `writeOnly`, so that no log shows it. */
  readonly settings: Own
}

const closed = { additionalProperties: false }
/** Which notifications a channel takes; what is left out is not limited. */
const scope = {
  id: Id,
  departments: Type.Optional(Type.Array(Id, { minItems: 1 })),
  rungs: Type.Optional(Type.Array(Type.Enum(RUNGS), { minItems: 1 })),
  levels: Type.Optional(Type.Array(Type.Enum(LEVELS), { minItems: 1 })),
}
const Scope = Type.Object(scope)

/** A way to people: a group's robot, e-mail, SMS. */
export function toPeople<const Name extends string, Own extends TProperties>(
  kind: Kind<Name, Own> &
    Pick<ChannelScope, 'alarmsOnly' | 'last'> & {
      create(
        settings: Static<TObject<Own>>,
        around: Surroundings,
      ): Pick<MessageChannel, 'rate' | 'digestBytes' | 'send'>
    },
) {
  const { type, name, alarmsOnly = false, last = false } = kind
  const own = Type.Object(kind.settings)
  return {
    type,
    name,
    schema: Type.Object({ ...scope, ...kind.settings, type: Type.Literal(type) }, closed),
    open(settings: unknown, around: Surroundings): MessageChannel | undefined {
      if (!Value.Check(Scope, settings) || !Value.Check(own, settings)) return undefined
      const { id, departments, rungs, levels } = settings
      const traits = { audience: 'people' as const, alarmsOnly, last }
      return { id, type, name, departments, rungs, levels, ...traits, ...kind.create(settings, around) }
    },
  }
}

/** A way to another program. */
export function toPrograms<const Name extends string, Own extends TProperties>(
  kind: Kind<Name, Own> & {
    create(
      settings: Static<TObject<Own>>,
      around: Surroundings,
    ): Pick<WebhookChannel, 'rate' | 'events' | 'send'>
  },
) {
  const { type, name } = kind
  const own = Type.Object(kind.settings)
  return {
    type,
    name,
    schema: Type.Object({ id: Id, ...kind.settings, type: Type.Literal(type) }, closed),
    open(settings: unknown, around: Surroundings): WebhookChannel | undefined {
      if (!Value.Check(Scope, settings) || !Value.Check(own, settings)) return undefined
      return { id: settings.id, type, name, audience: 'programs', ...kind.create(settings, around) }
    },
  }
}
