import type { LocalizedText } from '#contract/text.ts'
import type { SetUpPart } from '#contract/live.ts'
import { DAY, type Instant } from '../instant.ts'
import { dayStart, localDate, type WorkCalendar } from '../policy/calendar.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'

export interface SetUp {
  /** Whether anybody ever had an account. */
  readonly people: boolean
  /** Assets of the network, and channels that reach people. */
  readonly assets: number
  readonly channels: number
  readonly policy: Pick<PolicyPack, 'clocks'>
  readonly calendar: WorkCalendar
  readonly at: Instant
}

export interface MissingPart {
  readonly part: SetUpPart
  readonly text: LocalizedText
}

const NOBODY: MissingPart = {
  part: 'people',
  text: {
    zh: '还没有任何账号: 用服务器启动时显示的一次性代码在首页创建管理员',
    en: 'nobody has an account: make the administrator on the first page with the one-time code that the server shows when it starts',
  },
}
const NO_NETWORK: MissingPart = {
  part: 'network',
  text: {
    zh: '还没有管网: 没有可监视的设备和地点,请先导入',
    en: 'no network is imported: nothing can be watched or found on the map',
  },
}
const NO_CHANNEL: MissingPart = {
  part: 'channels',
  text: {
    zh: '没有配置通知渠道: 只有看着屏幕的人会知道',
    en: 'none to people is configured, only who looks at a screen is told',
  },
}

/** What a new installation still lacks, and a calendar that ends soon, in the order in which one sets it up. */
export function missingParts(setUp: SetUp): readonly MissingPart[] {
  return [
    ...(!setUp.people ? [NOBODY] : []),
    ...(setUp.assets === 0 ? [NO_NETWORK] : []),
    ...(setUp.channels === 0 ? [NO_CHANNEL] : []),
    ...endingCalendar(setUp),
  ]
}

/** Warned so long ahead: the notice for the next year comes out in its November. */
const AHEAD_DAYS = 60

function endingCalendar({ policy, calendar, at }: SetUp): readonly MissingPart[] {
  const year = [at, dayStart(at) + AHEAD_DAYS * DAY]
    .map((instant) => localDate(instant).slice(0, 4))
    .find((one) => !Object.hasOwn(calendar, one))
  const clocks = Object.values(policy.clocks).filter(({ limitBy }) => limitBy === 'working_days')
  if (year === undefined || clocks.length === 0) return []
  const named = (language: 'zh' | 'en', between: string) =>
    clocks.map(({ name }) => name[language]).join(between)
  const zh = `${year}年的节假日和调休尚未录入: 跨入该年的${named('zh', '、')}时限暂按周末计算,请在 WELLWATCH_CALENDAR_FILE 中给出`
  const en = `the holidays of ${year} are not known: limits that run into it (${named('en', ', ')}) are provisional, counted by plain weekends, until WELLWATCH_CALENDAR_FILE gives them`
  return [{ part: 'calendar', text: { zh, en } }]
}
