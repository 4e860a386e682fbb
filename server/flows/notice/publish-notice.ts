import type { NoticeView } from '#contract/notice.ts'
import type { Position } from '#contract/identity.ts'
import { isBlank, refuseName } from '#contract/names.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { NoticeKind } from '#contract/vocabulary.ts'
import type { Person } from '../../domain/access/actor.ts'
import { can, refuseUnless } from '../../domain/access/can.ts'
import { instantText, type Instant } from '../../domain/instant.ts'
import { areasContaining, isValid } from '../../domain/network/areas.ts'
import { assetOf } from '../../domain/network/assets.ts'
import { distanceToAsset } from '../../domain/network/locate.ts'
import { leadOf, OUTAGES, type Notice } from '../../domain/notice/notice.ts'
import { decideTogether } from '../decisions/decide-together.ts'
import type { Services, OnceKey } from '../decisions/decisions.ts'

export interface NoticeRequest {
  readonly kind: NoticeKind
  readonly receivedAt?: Instant
  readonly effectiveAt?: Instant
  readonly until?: Instant
  readonly assetIds?: readonly string[]
  readonly areaIds?: readonly string[]
  readonly text?: string
  readonly documentId?: string
}

/** A notice for callers and the dispatch centre; late ones are taken and flagged (A26, A27). */
export async function publishNotice(
  services: Services,
  asked: { readonly request: NoticeRequest; readonly actor: Person },
  once?: OnceKey,
): Promise<NoticeView | Refusal> {
  const { request, actor } = asked
  const isOutage = OUTAGES.includes(request.kind) && can(actor, 'publish_outage')
  const noRight = isOutage ? undefined : refuseUnless(actor, 'publish_notice')
  if (noRight !== undefined) return noRight
  const notice = read(services, request, actor)
  if (isRefusal(notice)) return notice
  const done = await decideTogether(
    services,
    async ({ repositories }) => {
      await repositories.notices.save(notice)
      await repositories.attachments.markUsed([notice.documentId])
      return noticeView(services, notice)
    },
    once,
  )
  if (isRefusal(done)) return done
  if (done.id === notice.id) services.works?.add(notice)
  services.live.publish('notice', done.id, done)
  return done
}

function read(services: Services, request: NoticeRequest, actor: Person): Notice | Refusal {
  const at = services.clock.now()
  const cited = { clause: services.rules.policy.clauses.notice }
  const { kind, effectiveAt, text, documentId, until, receivedAt = at } = request
  const needsDocument = kind !== 'fault_outage'
  const missing = [
    ...(effectiveAt === undefined ? ['effectiveAt'] : []),
    ...(text === undefined || isBlank(text) ? ['text'] : []),
    ...(needsDocument && (documentId === undefined || isBlank(documentId)) ? ['documentId'] : []),
  ]
  if (effectiveAt === undefined || missing.length > 0) {
    return refuse(
      'missing-field',
      { zh: `须填写: ${missing.join(', ')}`, en: `fill in: ${missing.join(', ')}` },
      { ...cited, missing },
    )
  }
  const unnamed =
    documentId === undefined || documentId === '' ? undefined : refuseName('documentId', documentId)
  if (unnamed !== undefined) return { ...unnamed, ...cited }
  if (receivedAt > at)
    return refuse(
      'bad-time',
      { zh: '收到通知的时间在将来', en: 'the time of receipt lies in the future' },
      cited,
    )
  if (until !== undefined && until <= effectiveAt)
    return refuse('bad-time', { zh: '结束时间不晚于生效时间', en: 'it ends before it takes effect' }, cited)
  const network = services.network.current()
  const unknown = (request.assetIds ?? []).find((id) => assetOf(network, id) === undefined)
  if (unknown !== undefined)
    return refuse('bad-value', { zh: `没有设施 ${unknown}`, en: `there is no facility ${unknown}` }, cited)
  const noArea = (request.areaIds ?? []).find((id) => network.areas.every((area) => area.id !== id))
  if (noArea !== undefined)
    return refuse('bad-value', { zh: `没有区域 ${noArea}`, en: `there is no area ${noArea}` }, cited)
  return {
    id: services.newId(),
    kind,
    receivedAt,
    enteredAt: at,
    effectiveAt,
    ...(until === undefined ? {} : { until }),
    assetIds: request.assetIds ?? [],
    areaIds: request.areaIds ?? [],
    text: text ?? '',
    documentId: documentId ?? '',
    by: { id: actor.id, name: actor.name },
  }
}

/** Notices that are not over; near a place, those that cover it, and those that name no place. */
export async function currentNotices(
  services: Services,
  near?: Position,
  at = services.clock.now(),
): Promise<readonly NoticeView[]> {
  const notices = (await services.store.read.notices.current(at)).filter(({ enteredAt }) => enteredAt <= at)
  const there = near === undefined ? notices : notices.filter((notice) => covers(services, notice, near))
  return there.map((notice) => noticeView(services, notice))
}

function covers(services: Services, { assetIds, areaIds }: Notice, near: Position): boolean {
  if (assetIds.length === 0 && areaIds.length === 0) return true
  const network = services.network.current()
  const at = services.clock.now()
  const here = areasContaining(network, near).filter((area) => isValid(area, at))
  if (here.some(({ id }) => areaIds.includes(id))) return true
  const radius = services.rules.policy.settings.nearbyRadiusM
  return assetIds.some((id) => {
    const asset = assetOf(network, id)
    return asset !== undefined && distanceToAsset(asset, near) <= radius
  })
}

function noticeView(services: Services, notice: Notice): NoticeView {
  const { id, kind, text, documentId, by, until } = notice
  return {
    id,
    kind,
    text,
    documentId,
    by: { ...by },
    receivedAt: instantText(notice.receivedAt),
    effectiveAt: instantText(notice.effectiveAt),
    ...(until === undefined ? {} : { until: instantText(until) }),
    assetIds: [...notice.assetIds],
    areaIds: [...notice.areaIds],
    ...leadOf(notice, services.rules.policy),
  }
}
