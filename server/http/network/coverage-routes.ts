import { ROUTES } from '#contract/routes.ts'
import { WatchingView } from '#contract/coverage.ts'
import { instantText } from '../../domain/instant.ts'
import { watchingInSteps } from '../../domain/coverage/blind-spots.ts'
import type { Clock, NetworkSource } from '../../flows/ports.ts'
import type { AssetWatching } from '../../flows/detection/watch-assets.ts'
import { lastInSlices } from '../../flows/slices.ts'
import { COSTLY } from '../core/costly-reads.ts'
import { actorOf, type Http } from '../core/http.ts'
import { answerLarge } from '../core/large-answer.ts'

/** `GET /blind-spots`: where devices have fallen away, and how much of each subject is watched. */
export function watchingRoutes(parts: {
  readonly network: NetworkSource
  readonly assets: Pick<AssetWatching, 'blindness' | 'missing'>
  readonly clock: Clock
}): (http: Http) => void {
  return (http) => {
    http.get(
      ROUTES.blindSpots,
      { schema: { response: { 200: WatchingView } }, config: COSTLY },
      async (request, reply) => {
        actorOf(request)
        const network = parts.network.current()
        const { spots, coverage } = await lastInSlices(watchingInSteps(network, parts.assets.blindness))
        return answerLarge(reply, {
          at: instantText(parts.clock.now()),
          coverage,
          spots: spots.values().map((spot) => ({ ...dated(spot), reasons: spot.reasons.map(dated) })),
          missing: network.devices
            .values()
            .flatMap((device) =>
              parts.assets
                .missing(device)
                .map((one) => ({ deviceId: device.id, assetId: device.assetId, ...dated(one) })),
            ),
        })
      },
    )
  }
}

/** What has never come has no date. */
function dated<T extends { readonly since: number }>({ since, ...rest }: T) {
  return since === 0 ? rest : { ...rest, since: instantText(since) }
}
