import type { LocalizedText } from '../text.ts'
import type { Fields } from './field.ts'

/** A command as everybody sees it: what it is called, what it asks for, and what its event says beside that. */
export interface CommandShape<F extends Fields = Fields, Says extends object = object> {
  /** Whose word it is: a desk's, or that of the unit that holds the ticket, said by its officer or its crew. */
  readonly by: 'desk' | 'officer' | 'crew'
  /** On the button. */
  readonly title: LocalizedText
  /** In the history, once it is done. */
  readonly event: LocalizedText
  /** In the row of a crew's steps; the title where left out. */
  readonly step?: LocalizedText
  readonly fields: F
  /** Never set: carries the type of what the event says beside the fields. */
  readonly says?: Says
}

export function command<const F extends Fields>(shape: CommandShape<F>): CommandShape<F, {}> {
  return shape
}

/** The same for an event that says more than the fields: `commandSaying<{ done: boolean }>()({ … })`. */
export function commandSaying<Says extends object>() {
  return <const F extends Fields>(shape: CommandShape<F>): CommandShape<F, Says> =>
    shape as CommandShape<F, Says>
}
