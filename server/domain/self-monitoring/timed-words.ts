import type { LocalizedText } from '#contract/text.ts'

/** What it means for people that a part of the schedule fails. */
export interface TimedWords {
  readonly text: LocalizedText
  /** The main job does not run: somebody is not warned or not told. */
  readonly stops: boolean
}

/** By the name of the part, what matters most first. */
export const TIMED_WORDS: Readonly<Record<string, TimedWords>> = {
  deadlines: {
    stops: true,
    text: {
      zh: '时限提醒停摆:到期与升级不会自动提醒,请人工盯防',
      en: 'deadlines do not run: nothing is warned of or escalated, watch by hand',
    },
  },
  notifications: {
    stops: true,
    text: {
      zh: '通知发送停摆:不会自动通知任何人,请电话通知',
      en: 'notifications do not run: nobody is told, tell people by phone',
    },
  },
  detector: {
    stops: true,
    text: {
      zh: '检测计时停摆:传感器沉默与持续异常不会自动报警,请人工监视',
      en: 'the detector’s clock does not run: silence and what lasts raise no alarm, watch by hand',
    },
  },
  duty: {
    stops: false,
    text: {
      zh: '值班检查停摆:无人值班与未试拨的电话不会自动提醒',
      en: 'the roster is not watched: nobody is warned of a gap or of an untried phone',
    },
  },
  drills: {
    stops: false,
    text: {
      zh: '演练结束后不会自动提示仍在报警的设施:请人工核对',
      en: 'nobody is told what still reports when a drill ends: look through its facilities',
    },
  },
  'check-ins': {
    stops: false,
    text: {
      zh: '开井登记到期不能自动结束:请人工核对正在开井的井位',
      en: 'check-ins at wells do not end by themselves: look through those that are open',
    },
  },
  'forgetting callers': {
    stops: false,
    text: {
      zh: '到期的来电人姓名与号码不能自动删除',
      en: 'names and numbers of callers of long ago are not deleted',
    },
  },
}
