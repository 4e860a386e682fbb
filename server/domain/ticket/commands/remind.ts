import type { Command } from '../command.ts'
import { WITH_UNIT } from '../state-groups.ts'

/** 催办 (第三条2): the desk asks how it stands. */
export const remind: Command<'remind'> = {
  roles: ['operator', 'dispatcher'],
  states: [...WITH_UNIT, 'submitted'],
  apply: (ticket) => ticket,
  carries: 'always',
}
