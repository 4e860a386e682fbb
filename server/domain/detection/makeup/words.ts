import type { LocalizedText } from '#contract/text.ts'
import { assetWords } from '../../network/assets.ts'
import type { Instant } from '../../instant.ts'
import type { EmergencyFinding } from '../core/finding.ts'
import type { Proof } from './hold-back.ts'
import type { MakeupState } from '../core/makeup-state.ts'
import type { Grounds } from '../core/make-finding.ts'
import type { Site } from '../core/context.ts'
import type { Contraction } from '../core/makeup-state.ts'
import { figure, momentWords } from '../core/words.ts'

/** What a make-up meter read over an hour, and what it was held against [t/h]. */
export interface Excess {
  readonly threshold: number
  readonly measured: number
  readonly corrected: number
  readonly usual: number | undefined
  readonly sigma: number
  readonly contraction: Contraction | undefined
  /** What bears it out. */
  readonly proof?: Proof | undefined
}

/** Why it is no filling. */
const PROOFS: Readonly<Record<Proof, LocalizedText | undefined>> = {
  pressures: { zh: '灌水:压力分布同时显示泄漏', en: 'a filling: the pattern of pressures says leak too' },
  balance: {
    zh: '厂内灌水:源出水多于各换热站用水,多出的水从供水侧流失',
    en: 'a filling at the plant: the source sends out more than the stations take, so water leaves on the supply side',
  },
  holding: {
    zh: '灌水:定压点压力下降,灌水不会使其下降',
    en: 'a filling: the holding pressure has fallen, which a filling does not do',
  },
  size: { zh: '灌水:水量太大,不再等候', en: 'a filling: too much water to wait for its end' },
  lasting: {
    zh: '灌水或降温:等候数小时,未自行结束',
    en: 'a filling or cooling: hours of waiting, and it has not ended by itself',
  },
  limit: undefined,
}

/** An alarm that was kept back, now that something bears it out. */
export function withProof(finding: EmergencyFinding, proof: Proof): EmergencyFinding {
  const { evidence } = finding
  return {
    ...finding,
    evidence: { ...evidence, rejected: [...(evidence.rejected ?? []), ...proofWords(proof)] },
  }
}

const proofWords = (proof: Proof | undefined): readonly LocalizedText[] =>
  proof === undefined ? [] : [PROOFS[proof] ?? []].flat()

/** The evidence of lost water, in words that are read aloud. */
export function groundsOf(site: Site, watch: MakeupState, excess: Excess, eventAt: Instant): Grounds {
  const { contraction, usual, measured, corrected } = excess
  const name = assetWords(site.asset)
  const cooled =
    contraction === undefined
      ? {
          zh: '(管网容积或水温不全,未扣除水温收缩)',
          en: ' (not corrected for cooling: volume or temperatures are unknown)',
        }
      : {
          zh: `(已扣除水温收缩 ${figure(contraction.flowTh)} t/h)`,
          en: ` (${figure(contraction.flowTh)} t/h for cooling taken off)`,
        }
  const normal =
    usual === undefined
      ? { zh: '尚无基线,按绝对限值判断', en: 'no baseline yet, judged by an absolute limit' }
      : {
          zh: `平时 ${figure(usual)} t/h,多补约 ${figure(corrected - usual)} t/h`,
          en: `normally ${figure(usual)} t/h, about ${figure(corrected - usual)} t/h too much`,
        }
  const since = momentWords(eventAt)
  return {
    rule: 'leak.makeup',
    sentence: {
      zh: `${name.zh} 一小时平均补水 ${figure(measured)} t/h${cooled.zh},${normal.zh},自 ${since} 起;管网失水,位置未定,请核对补水表`,
      en: `${name.en}: make-up water ${figure(measured)} t/h over the last hour${cooled.en}, ${normal.en}, since ${since}; water is being lost, not located; check the meter`,
    },
    statistic: 'cusum',
    value: watch.sum,
    threshold: excess.threshold,
    observed: corrected,
    ...(usual === undefined ? {} : { baseline: usual }),
    sigma: excess.sigma,
    windowS: 3600,
    unit: 't/h',
    signals: ['makeup_flow_t_h'],
    rejected: [
      ...(contraction === undefined
        ? []
        : [
            {
              zh: `水温收缩:全网每小时降温 ${figure(contraction.coolingKh)} K,只解释 ${figure(contraction.flowTh)} t/h`,
              en: `cooling water: the network cools by ${figure(contraction.coolingKh)} K/h, which explains only ${figure(contraction.flowTh)} t/h`,
            },
          ]),
      ...proofWords(excess.proof),
    ],
  }
}
