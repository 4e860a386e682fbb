import type { Sentence } from './incident.ts'
import type { CommandName } from './vocabulary.ts'

/** What the commands of a ticket are called, on buttons and to whoever is refused one; source: contract.md, `COMMANDS`. */
export const COMMAND_WORDS: Readonly<Record<CommandName, Sentence>> = {
  answer: { zh: '直接答复', en: 'Answer now' },
  approve: { zh: '后台审核', en: 'Approve' },
  dispatch: { zh: '派单', en: 'Dispatch' },
  accept: { zh: '接单', en: 'Accept' },
  reject: { zh: '退回改派', en: 'Reject' },
  assign: { zh: '转抢修', en: 'Assign crew' },
  depart: { zh: '出发', en: 'Depart' },
  arrive: { zh: '到场', en: 'Arrive' },
  safety: { zh: '安全措施', en: 'Safety' },
  plan: { zh: '抢修方案', en: 'Repair plan' },
  repair: { zh: '修复', en: 'Repaired' },
  restore: { zh: '恢复供热', en: 'Heat restored' },
  contact: { zh: '联系反映人', en: 'Contact caller' },
  contact_facility: { zh: '联系管理单位', en: 'Contact operator' },
  submit: { zh: '办结回单', en: 'Submit' },
  unfounded: { zh: '无效报险', en: 'Unfounded' },
  review: { zh: '审核', en: 'Review' },
  callback: { zh: '回访', en: 'Call back' },
  request_extension: { zh: '延时申请', en: 'Ask extension' },
  answer_extension: { zh: '答复延时', en: 'Answer extension' },
  confirm_extension: { zh: '批准延时', en: 'Confirm extension' },
  remind: { zh: '催办', en: 'Remind' },
  raise_level: { zh: '提级', en: 'Raise level' },
  reopen: { zh: '重新办理', en: 'Reopen' },
  state_hindrance: { zh: '申报条件受限', en: 'State a hindrance' },
  note: { zh: '备注', en: 'Note' },
  correct: { zh: '更正', en: 'Correct' },
}

/** The names of all commands in one language. */
export function commandNames(language: keyof Sentence): Readonly<Record<CommandName, string>> {
  const names = Object.entries(COMMAND_WORDS).map(([command, words]) => [command, words[language]])
  return Object.fromEntries(names) as Record<CommandName, string>
}
