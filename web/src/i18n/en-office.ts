import type { Translated } from './dictionary.ts'
import type { zhOffice } from './zh-office.ts'

export const enOffice: Translated<typeof zhOffice> = {
  told: {
    purpose: 'Who was told, who could not be, and why',
    states: {
      label: 'State of notifications',
      dead: 'Not delivered',
      waiting: 'Waiting',
      sent: 'Delivered',
      withheld: 'Not sent',
    },
    statesMore: {
      dead: 'every channel failed: telephone instead',
      waiting: 'to be sent, or to be tried again',
      sent: 'taken by a channel',
      withheld: 'a drill, accepted meanwhile, or no channel for it',
    },
    none: {
      dead: 'Nothing was undeliverable',
      waiting: 'Nothing waits',
      sent: 'Nothing was delivered yet',
      withheld: 'Nothing was held back',
    },
    channels: 'Channels',
    types: {
      wecom: 'WeCom',
      dingtalk: 'DingTalk',
      feishu: 'Feishu',
      email: 'e-mail',
      sms: 'SMS',
      webhook: 'another program',
    },
    noChannel: 'No channel is configured',
    noChannelMore: 'Notices appear on the page only. Channels stand in wellwatch.toml as [[notify.channel]].',
    rests: (until) => `rests until ${until}`,
    program: 'to another program',
    nobody: 'nobody on the roster',
    sentAt: (at) => `delivered ${at}`,
    nextTry: (at) => `next try ${at}`,
    failures: (n) => (n === 1 ? 'failed once' : `failed ${n} times`),
    retry: 'Send again',
    more: 'Older ones',
  },
  promise: {
    appointment: 'Visit promised for',
    states: { promised: 'to be kept', kept: 'kept', missed: 'missed' },
    madeAt: (at) => `promised ${at}`,
    reminder: 'Reminder',
    answered: 'progress since',
    unanswered: 'no answer yet',
    reminders: (n) => (n === 1 ? '1 reminder' : `${n} reminders`),
    attempts: (n) => (n === 1 ? 'called once' : `called ${n} times`),
    satisfied: 'satisfied',
    dissatisfied: 'not satisfied',
  },
}
