import { route, type Route, type RouteInput } from '../../domain/ticket/route.ts'
import type { NetworkSource } from '../ports.ts'

/**
 * Routes a report by the network in force at its instant (A10, A11). Where that finds no department,
 * today's is asked, for the same instant by its own dates: an asset or area registered since then was
 * there before, and a report entered late would otherwise wait for the dispatcher.
 */
export function routeReport(source: NetworkSource, report: Omit<RouteInput, 'network'>): Route {
  const [then, now] = [source.asOf(report.asOf), source.current()]
  const found = route({ ...report, network: then })
  if (found.rule !== 'manual' || now.version === then.version) return found
  const today = route({ ...report, network: now })
  return today.rule === 'manual' ? found : today
}
