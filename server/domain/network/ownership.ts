import { DEPARTMENTS, type RoutingRule } from '#contract/vocabulary.ts'
import { instantText, type Instant } from '../instant.ts'
import type { AreaAnswer } from './areas.ts'
import { areaOfAsset } from './areas.ts'
import { calledName } from './assets.ts'
import { levelOf } from './class.ts'
import type { Asset, Network } from './network.ts'
import { primaryClasses, serviceOf, type PrimaryClass, type Service } from './service.ts'

/** Who is responsible for an asset at an instant, by which rule, and why in one Chinese sentence. */
export interface Responsibility {
  readonly departmentId: string
  readonly departmentName: string
  readonly rule: RoutingRule
  readonly why: string
}

/** 2026-02-01 00:00:00, in Asia/Shanghai. */
export function clockText(at: Instant): string {
  return instantText(at).slice(0, 19).replace('T', ' ')
}

/**
 * The routing table D1 … D6 for an asset (policy.md §4), first match wins. `placeArea` is what the
 * areas say of the fault's own place, where that is known better than the asset's.
 */
export function responsibilityOf(
  network: Network,
  asset: Asset,
  asOf: Instant,
  placeArea: AreaAnswer = areaOfAsset(network, asset, asOf),
): Responsibility {
  const name = calledName(asset)
  if (asset.kind === 'source') return toDispatch(network, `${name}: 热源故障没有规定的责任部门`)
  if (asset.kind === 'station') return ofStation(network, { what: name, answer: placeArea, asOf })
  if (levelOf(network, asset) === 'secondary') {
    return byArea(network, { rule: 'D1', what: `${name}属二次网`, answer: placeArea, asOf })
  }
  return byPrimaryClass(network, asset, asOf)
}

/** D5: the area's, or the one department that a policy names for all stations (A8). */
function ofStation(
  network: Network,
  facts: { readonly what: string; readonly answer: AreaAnswer; readonly asOf: Instant },
): Responsibility {
  const { D5 } = network.routing
  if (D5 === 'area') return byArea(network, { rule: 'D5', ...facts })
  return to(network, D5, 'D5', `${facts.what},时刻 ${clockText(facts.asOf)}`)
}

/** D2, D3 and D4: trunk or branch, under construction, in warranty or in service. */
function byPrimaryClass(network: Network, asset: Asset, asOf: Instant): Responsibility {
  const classes = primaryClasses(network, asset).map((of) => ({ of, service: serviceOf(of.dated, asOf) }))
  const because = ({ of, service }: (typeof classes)[number]) =>
    `${calledName(asset)}${classText(asset, of)},${serviceText(service)},时刻 ${clockText(asOf)}`

  const trunks = classes.filter(({ of }) => of.pipe?.class === 'trunk')
  const newTrunk = trunks.find(({ service }) => service.kind !== 'in-service')
  if (newTrunk !== undefined) return to(network, network.routing.D2, 'D2', because(newTrunk))

  const running = trunks[0] ?? classes.find(({ service }) => service.kind !== 'under-construction')
  if (running === undefined) {
    const [built] = classes
    if (built === undefined) throw new Error(`primary asset ${asset.id} has no class`)
    return to(network, network.routing.D4, 'D4', because(built))
  }
  if (running.of.pipe === undefined && running.service.kind === 'in-warranty') {
    return toDispatch(network, `${because(running)};没有管线说明它在主干网还是支线,质保期内责任不同`)
  }
  const { branchInWarranty } = network.routing
  if (branchInWarranty === 'D2' && trunks.length === 0 && running.service.kind === 'in-warranty') {
    return to(network, network.routing.D2, 'D2', because(running))
  }
  return to(network, network.routing.D3, 'D3', because(running))
}

function classText(asset: Asset, { pipe }: PrimaryClass): string {
  if (pipe === undefined) return '属一次网'
  const level = pipe.class === 'trunk' ? '一次主干网' : '一次支线'
  return pipe.id === asset.id ? `属${level}` : `在${level}管线 ${pipe.id} 上`
}

function serviceText(service: Service): string {
  switch (service.kind) {
    case 'under-construction':
      return service.until === undefined ? '在建' : `在建,${clockText(service.until)} 投运`
    case 'in-warranty':
      return `质保期至 ${clockText(service.until)}`
    case 'in-service':
      return service.warrantyEnded === undefined
        ? '已投运'
        : `已投运,质保期已于 ${clockText(service.warrantyEnded)} 届满`
  }
}

/** A department of the area, or the dispatch centre when the areas give no single answer. */
export function byArea(
  network: Network,
  facts: { rule: 'D1' | 'D5'; what: string; answer: AreaAnswer; asOf: Instant },
): Responsibility {
  const { rule, what, answer, asOf } = facts
  switch (answer.kind) {
    case 'one':
      return to(
        network,
        answer.area.departmentId,
        rule,
        `${what},位于${answer.area.name},时刻 ${clockText(asOf)}`,
      )
    case 'none':
      return toDispatch(network, `${what},但此时(${clockText(asOf)})不在任何责任区域内`)
    case 'several': {
      const names = answer.areas.map((area) => area.name).join('、')
      return toDispatch(network, `${what},但此时(${clockText(asOf)})同时涉及多个责任区域: ${names}`)
    }
  }
}

/** D6: the dispatch centre decides by hand, C1 running. */
export function toDispatch(network: Network, because: string): Responsibility {
  return to(network, DEPARTMENTS.dispatch, 'D6', `${because},待调度研判`)
}

function to(network: Network, departmentId: string, rule: RoutingRule, because: string): Responsibility {
  const departmentName = network.departments.get(departmentId)?.name
  if (departmentName === undefined) {
    if (departmentId === DEPARTMENTS.dispatch) throw new Error('the network names no dispatch centre')
    return toDispatch(network, `${because};制度指定的部门 ${departmentId} 不在台账中`)
  }
  const goes = rule === 'D6' ? '' : `,转${departmentName}`
  return { departmentId, departmentName, rule, why: `${because}${goes}` }
}
