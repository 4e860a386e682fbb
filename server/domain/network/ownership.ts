import type { LocalizedText } from '#contract/text.ts'
import { DEPARTMENTS, type RoutingRule } from '#contract/vocabulary.ts'
import { instantText, type Instant } from '../instant.ts'
import type { AreaAnswer } from './areas.ts'
import { areaOfAsset } from './areas.ts'
import { assetWords } from './assets.ts'
import { levelOf } from './class.ts'
import type { Asset, Network } from './network.ts'
import { primaryClasses, serviceOf, type PrimaryClass, type Service } from './service.ts'

/** Who is responsible for an asset at an instant, by which rule, and why in one sentence. */
export interface Responsibility {
  readonly departmentId: string
  readonly departmentName: string
  readonly rule: RoutingRule
  /** In Chinese. */
  readonly why: string
  readonly whyEn: string
}

/** 2026-02-01 00:00:00, in Asia/Shanghai. */
function clockText(at: Instant): string {
  return instantText(at).slice(0, 19).replace('T', ' ')
}

/**
 * The routing table (第四条A) for an asset, first match wins. `placeArea` is what the
 * areas say of the fault's own place, where that is known better than the asset's.
 */
export function responsibilityOf(
  network: Network,
  asset: Asset,
  asOf: Instant,
  placeArea: AreaAnswer = areaOfAsset(network, asset, asOf),
): Responsibility {
  const name = assetWords(asset)
  if (asset.kind === 'source') {
    return toDispatch(network, {
      zh: `${name.zh}: 热源故障没有规定的责任部门`,
      en: `${name.en}: no department is laid down for faults of a heat source`,
    })
  }
  if (asset.kind === 'station') return ofStation(network, { what: name, answer: placeArea, asOf })
  if (levelOf(network, asset) === 'secondary') {
    const what = { zh: `${name.zh}属二次网`, en: `${name.en} belongs to the secondary network` }
    return byArea(network, { rule: 'secondary_side', what, answer: placeArea, asOf })
  }
  return byPrimaryClass(network, asset, asOf)
}

/** The department of the station's area, or the one that a policy names for all stations. */
function ofStation(
  network: Network,
  facts: { readonly what: LocalizedText; readonly answer: AreaAnswer; readonly asOf: Instant },
): Responsibility {
  const { station } = network.routing
  if (station === 'area') return byArea(network, { rule: 'station', ...facts })
  return to(network, station, 'station', asOfText(facts.what, facts.asOf))
}

function asOfText({ zh, en }: LocalizedText, asOf: Instant): LocalizedText {
  return { zh: `${zh},时刻 ${clockText(asOf)}`, en: `${en}, as of ${clockText(asOf)}` }
}

/** A primary asset goes by its class, trunk or branch, and by whether that is built, in warranty or in service. */
function byPrimaryClass(network: Network, asset: Asset, asOf: Instant): Responsibility {
  const classes = primaryClasses(network, asset).map((of) => ({ of, service: serviceOf(of.dated, asOf) }))
  const because = ({ of, service }: (typeof classes)[number]): LocalizedText => {
    const [name, its, stands] = [assetWords(asset), classText(asset, of), serviceText(service)]
    return asOfText(
      { zh: `${name.zh}${its.zh},${stands.zh}`, en: `${name.en} ${its.en}, ${stands.en}` },
      asOf,
    )
  }

  const trunks = classes.filter(({ of }) => of.pipe?.class === 'trunk')
  const newTrunk = trunks.find(({ service }) => service.kind !== 'in-service')
  if (newTrunk !== undefined)
    return to(network, network.routing.trunk_under_warranty, 'trunk_under_warranty', because(newTrunk))

  const running = trunks[0] ?? classes.find(({ service }) => service.kind !== 'under-construction')
  if (running === undefined) {
    const [built] = classes
    if (built === undefined) throw new Error(`primary asset ${asset.id} has no class`)
    return to(network, network.routing.branch_under_construction, 'branch_under_construction', because(built))
  }
  if (running.of.pipe === undefined && running.service.kind === 'in-warranty') {
    const { zh, en } = because(running)
    return toDispatch(network, {
      zh: `${zh};没有管线说明它在主干网还是支线,质保期内责任不同`,
      en: `${en}; no pipe says whether it is of a trunk or a branch, which differ inside the warranty`,
    })
  }
  const { branchInWarranty } = network.routing
  if (
    branchInWarranty === 'trunk_under_warranty' &&
    trunks.length === 0 &&
    running.service.kind === 'in-warranty'
  ) {
    return to(network, network.routing.trunk_under_warranty, 'trunk_under_warranty', because(running))
  }
  return to(network, network.routing.primary_in_service, 'primary_in_service', because(running))
}

function classText(asset: Asset, { pipe }: PrimaryClass): LocalizedText {
  if (pipe === undefined) return { zh: '属一次网', en: 'belongs to the primary network' }
  const isTrunk = pipe.class === 'trunk'
  const [zh, en] = isTrunk ? ['一次主干网', 'primary trunk'] : ['一次支线', 'primary branch']
  return pipe.id === asset.id
    ? { zh: `属${zh}`, en: `belongs to a ${en}` }
    : { zh: `在${zh}管线 ${pipe.id} 上`, en: `lies on the ${en} ${pipe.id}` }
}

function serviceText(service: Service): LocalizedText {
  switch (service.kind) {
    case 'under-construction': {
      if (service.until === undefined) return { zh: '在建', en: 'under construction' }
      const until = clockText(service.until)
      return { zh: `在建,${until} 投运`, en: `under construction, in service from ${until}` }
    }
    case 'in-warranty': {
      const until = clockText(service.until)
      return { zh: `质保期至 ${until}`, en: `in warranty until ${until}` }
    }
    case 'in-service': {
      if (service.warrantyEnded === undefined) return { zh: '已投运', en: 'in service' }
      const ended = clockText(service.warrantyEnded)
      return { zh: `已投运,质保期已于 ${ended} 届满`, en: `in service, warranty ended ${ended}` }
    }
  }
}

/** A department of the area, or the dispatch centre when the areas give no single answer. */
export function byArea(
  network: Network,
  facts: { rule: 'secondary_side' | 'station'; what: LocalizedText; answer: AreaAnswer; asOf: Instant },
): Responsibility {
  const { rule, what, answer, asOf } = facts
  const at = clockText(asOf)
  switch (answer.kind) {
    case 'one': {
      const { name, departmentId } = answer.area
      const lies = { zh: `${what.zh},位于${name}`, en: `${what.en}, in ${name}` }
      return to(network, departmentId, rule, asOfText(lies, asOf))
    }
    case 'none':
      return toDispatch(network, {
        zh: `${what.zh},但此时(${at})不在任何责任区域内`,
        en: `${what.en}, but in no area of responsibility then (${at})`,
      })
    case 'several': {
      const names = answer.areas.map((area) => area.name)
      return toDispatch(network, {
        zh: `${what.zh},但此时(${at})同时涉及多个责任区域: ${names.join('、')}`,
        en: `${what.en}, but in several areas of responsibility then (${at}): ${names.join(', ')}`,
      })
    }
  }
}

/** The dispatch centre decides by hand, while the time to dispatch runs. */
export function toDispatch(network: Network, { zh, en }: LocalizedText): Responsibility {
  return to(network, DEPARTMENTS.dispatch, 'manual', {
    zh: `${zh},待调度研判`,
    en: `${en}; dispatch decides`,
  })
}

function to(
  network: Network,
  departmentId: string,
  rule: RoutingRule,
  { zh, en }: LocalizedText,
): Responsibility {
  const departmentName = network.departments.get(departmentId)?.name
  if (departmentName === undefined) {
    if (departmentId === DEPARTMENTS.dispatch) throw new Error('the network names no dispatch centre')
    return toDispatch(network, {
      zh: `${zh};制度指定的部门 ${departmentId} 不在台账中`,
      en: `${en}; the register has no department ${departmentId}, which the policy names`,
    })
  }
  const goes =
    rule === 'manual' ? { zh: '', en: '' } : { zh: `,转${departmentName}`, en: `: ${departmentName}` }
  return { departmentId, departmentName, rule, why: `${zh}${goes.zh}`, whyEn: `${en}${goes.en}` }
}
