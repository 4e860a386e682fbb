import { TICKET_COMMANDS, type CommandName } from '#contract/commands/commands.ts'
import type { Right } from '../../access/can.ts'
import type { CommandTable } from '../command.ts'
import { accept } from './accept.ts'
import { answer } from './answer.ts'
import { answerExtension } from './answer_extension.ts'
import { approve } from './approve.ts'
import { arrive } from './arrive.ts'
import { assign } from './assign.ts'
import { callback } from './callback.ts'
import { confirmExtension } from './confirm_extension.ts'
import { contact } from './contact.ts'
import { contactFacility } from './contact_facility.ts'
import { correct } from './correct.ts'
import { depart } from './depart.ts'
import { dispatch } from './dispatch.ts'
import { note } from './note.ts'
import { plan } from './plan.ts'
import { raiseLevel } from './raise_level.ts'
import { reject } from './reject.ts'
import { remind } from './remind.ts'
import { reopen } from './reopen.ts'
import { repair } from './repair.ts'
import { requestExtension } from './request_extension.ts'
import { restore } from './restore.ts'
import { review } from './review.ts'
import { safety } from './safety.ts'
import { stateHindrance } from './state_hindrance.ts'
import { submit } from './submit.ts'
import { unfounded } from './unfounded.ts'

/** Every command of a ticket. Name, words and fields of each stand in `contract/commands`. */
export const COMMAND_TABLE: CommandTable = {
  answer,
  approve,
  dispatch,
  accept,
  reject,
  assign,
  depart,
  arrive,
  safety,
  plan,
  repair,
  restore,
  contact,
  contact_facility: contactFacility,
  submit,
  unfounded,
  review,
  callback,
  request_extension: requestExtension,
  answer_extension: answerExtension,
  confirm_extension: confirmExtension,
  state_hindrance: stateHindrance,
  remind,
  raise_level: raiseLevel,
  reopen,
  note,
  correct,
}

/** Who may give a command: the desks that it names, and the unit whose word it is. */
export function rightOf(name: CommandName): Right {
  const { by } = TICKET_COMMANDS[name]
  const { roles = [] } = COMMAND_TABLE[name]
  return by === 'desk' ? { roles } : { roles, unit: by }
}
