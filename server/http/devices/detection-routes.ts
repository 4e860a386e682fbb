import { DetectionView } from '#contract/detection.ts'
import { ROUTES } from '#contract/routes.ts'
import { actorOf, type Http } from '../core/http.ts'

/** `GET /detection`: every threshold with its budget and reason, and what can and cannot be watched. */
export function detectionRoutes(account: () => DetectionView): (http: Http) => void {
  return (http) => {
    http.get(ROUTES.detection, { schema: { response: { 200: DetectionView } } }, (request) => {
      actorOf(request)
      return account()
    })
  }
}
