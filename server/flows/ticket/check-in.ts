import { isBlank } from '#contract/names.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import { refuseUnless } from '../../domain/access/can.ts'
import { instantText, MINUTE, type Instant } from '../../domain/instant.ts'
import { assetOf } from '../../domain/network/assets.ts'
import { checkInAt, isOpen, type CheckIn } from '../../domain/notice/check-in.ts'
import { decideTogether } from '../decisions/decide-together.ts'
import type { Services, OnceKey } from '../decisions/decisions.ts'
import type { Timed } from '../ports.ts'

export interface CheckIns {
  /** The check-in that explains an open cover at an asset; asked for at every reading, so from memory. */
  at(assetId: string, at: Instant): CheckIn | undefined
  open(at: Instant): readonly CheckIn[]
  begin(
    asked: { assetId: string; reason?: string; until?: Instant; actor: Person },
    once?: OnceKey,
  ): Promise<{ readonly id: string } | Refusal>
  end(asked: { assetId: string; id: string; actor: Person }): Promise<{ readonly id: string } | Refusal>
  /** Ends check-ins whose time is over. */
  readonly timed: Timed
}

/** Crews that open a well on purpose (Ex 10). `onChange` is told which asset's state has changed. */
export async function createCheckIns(
  services: Services,
  onChange: (assetId: string) => void = () => undefined,
): Promise<CheckIns> {
  const known = new Map((await services.store.read.checkIns.open()).map((one) => [one.id, one]))

  const timed: Timed = {
    name: 'check-ins',
    nextDue: () => [...known.values()].map(({ until }) => until).sort((a, b) => a - b)[0],
    async run(at) {
      for (const one of [...known.values()].filter(({ until }) => until <= at)) {
        await decideTogether(services, async ({ repositories }) => {
          await repositories.checkIns.save({ ...one, endedAt: one.until })
          return true
        })
        known.delete(one.id)
        onChange(one.assetId)
      }
    },
  }

  /** Another department that ended it would raise an emergency over people who are still down there. */
  async function mayEnd(actor: Person, { personId }: CheckIn): Promise<boolean> {
    if (actor.id === personId || actor.roles.some((role) => role === 'dispatcher' || role === 'engineer'))
      return true
    const { departmentId } = actor
    return departmentId !== undefined && (await services.person(personId))?.departmentId === departmentId
  }

  return {
    timed,
    at: (assetId, at) => checkInAt(known.values(), assetId, at),
    open: (at) => [...known.values()].filter((one) => isOpen(one, at)),
    async begin({ assetId, reason, until, actor }, once) {
      const noRight = refuseUnless(actor, 'check_in')
      if (noRight !== undefined) return noRight
      const asset = assetOf(services.network.current(), assetId)
      if (asset === undefined)
        return refuse('not-found', { zh: '没有这个设施', en: 'there is no such facility' })
      if (asset.kind !== 'well')
        return refuse('bad-value', { zh: '只有热力井可以登记开井', en: 'only a well is opened for work' })
      if (reason === undefined || isBlank(reason)) {
        return refuse(
          'missing-field',
          { zh: '须填写开井原因', en: 'say why the well is opened' },
          { missing: ['reason'] },
        )
      }
      const since = services.clock.now()
      const longest = since + services.rules.policy.settings.checkInMinutes * MINUTE
      if (until !== undefined && until <= since)
        return refuse('bad-time', { zh: '截止时间已过', en: 'its end has passed already' })
      if (until !== undefined && until > longest)
        return refuse('bad-time', {
          zh: `开井登记最晚至 ${instantText(longest)}`,
          en: `work at a well ends at ${instantText(longest)} at the latest`,
        })
      const checkIn: CheckIn = {
        id: services.newId(),
        assetId,
        reason,
        since,
        until: until ?? longest,
        personId: actor.id,
        personName: actor.name,
      }
      const done = await decideTogether(
        services,
        async ({ repositories }) => {
          await repositories.checkIns.save(checkIn)
          return { id: checkIn.id }
        },
        once,
      )
      if (isRefusal(done)) return done
      if (done.id === checkIn.id) known.set(checkIn.id, checkIn)
      onChange(assetId)
      return done
    },
    async end({ assetId, id, actor }) {
      const noRight = refuseUnless(actor, 'check_in')
      if (noRight !== undefined) return noRight
      const checkIn = await services.store.read.checkIns.load(id)
      if (checkIn === undefined || checkIn.assetId !== assetId)
        return refuse('not-found', { zh: '没有这次开井登记', en: 'there is no such work at a well' })
      if (!(await mayEnd(actor, checkIn)))
        return refuse('not-your-right', {
          zh: '开井登记只能由登记人、其部门、调度或工程师结束',
          en: 'work at a well is ended by whoever began it, their department, dispatch or an engineer',
        })
      const done = await decideTogether(services, async ({ repositories }) => {
        await repositories.checkIns.save({ ...checkIn, endedAt: checkIn.endedAt ?? services.clock.now() })
        return { id }
      })
      if (isRefusal(done)) return done
      known.delete(id)
      onChange(assetId)
      return done
    },
  }
}

/** As the live state of an asset shows it. */
export function shownCheckIn(checkIn: CheckIn | undefined) {
  if (checkIn === undefined) return undefined
  return { id: checkIn.id, reason: checkIn.reason, since: instantText(checkIn.since) }
}
