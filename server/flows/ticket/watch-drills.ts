import type { Drill } from '../../domain/hotline/drill.ts'
import type { Incident } from '../../domain/incident/incident.ts'
import { assetOf } from '../../domain/network/assets.ts'
import type { Services } from '../decisions/decisions.ts'
import { raiseSystemAlarm } from '../self-monitoring/system-alarm.ts'
import type { Timed } from '../ports.ts'

/**
 * At the end of a drill, by a person or by its time, tells every screen which of its facilities still report
 * something: the detector says it no second time, and what stays open from now on is real.
 */
export function createDrillWatch(services: Services): Timed {
  const { read } = services.store
  const known = new Map<string, Drill>()

  return {
    name: 'drills',
    async nextDue() {
      const now = services.clock.now()
      const on = await read.drills.on(now)
      for (const drill of on) known.set(drill.id, drill)
      if (known.size > on.length) return now
      return on.map(({ until }) => until).sort((a, b) => a - b)[0]
    },
    async run(at) {
      const on = new Set((await read.drills.on(at)).map(({ id }) => id))
      for (const drill of known.values()) {
        if (on.has(drill.id)) continue
        const assets = stillReporting(await read.incidents.open(), drill)
        if (assets.length > 0) tell(assets, at)
        known.delete(drill.id)
      }
    },
  }

  function tell(assetIds: readonly string[], at: number): void {
    const network = services.network.current()
    const names = assetIds.map((id) => assetOf(network, id)?.name ?? id)
    const text = {
      zh: `演练已结束,${names.join('、')} 仍在报警:此后按真实情况处理,请派人核实`,
      en: `the drill is over and ${names.join(', ')} still report: from now on that is real, send somebody to look`,
    }
    raiseSystemAlarm({ live: services.live, newId: services.newId }, { at, text, isTrouble: true })
  }
}

function stillReporting(open: readonly Incident[], { assetIds }: Drill): readonly string[] {
  const reporting = open
    .filter(({ exercise }) => exercise)
    .flatMap(({ members }) => members)
    .filter(({ type, clearedAt }) => type === 'finding' && clearedAt === undefined)
  return assetIds.filter((id) => reporting.some(({ assetId }) => assetId === id))
}
