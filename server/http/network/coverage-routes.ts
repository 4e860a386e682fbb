import { ROUTES } from '#contract/routes.ts'
import { WatchingView } from '#contract/coverage.ts'
import { instantText } from '../../domain/instant.ts'
import { watching } from '../../domain/coverage/blind-spots.ts'
import type { Clock, NetworkSource } from '../../flows/ports.ts'
import type { AssetWatching } from '../../flows/detection/watch-assets.ts'
import { COSTLY } from '../core/costly-reads.ts'
import { actorOf, type Http } from '../core/http.ts'

/** `GET /blind-spots`: where devices have fallen away, and how much of each subject is watched. */
export function watchingRoutes(parts: {
  readonly network: NetworkSource
  readonly assets: Pick<AssetWatching, 'downSince'>
  readonly clock: Clock
}): (http: Http) => void {
  return (http) => {
    http.get(
      ROUTES.blindSpots,
      { schema: { response: { 200: WatchingView } }, config: COSTLY },
      (request) => {
        actorOf(request)
        const { spots, coverage } = watching(parts.network.current(), parts.assets.downSince)
        return {
          at: instantText(parts.clock.now()),
          coverage: [...coverage],
          spots: spots.map(({ subject, assetIds, pipeIds, deviceIds, since }) => ({
            subject,
            assetIds: [...assetIds],
            pipeIds: [...pipeIds],
            deviceIds: [...deviceIds],
            ...(since === 0 ? {} : { since: instantText(since) }),
          })),
        }
      },
    )
  }
}
