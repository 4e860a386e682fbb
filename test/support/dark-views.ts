import type { Operation } from './operations.ts'
import type { World } from './world.ts'

/** Paths that stream, need ids of their own, or answer no JSON. */
const NO_VIEW = /\/live$|basemap|backtests\/|attachments\/|drills\/|^\/$|metrics/

/**
 * Every list and every view that takes no more than ids which exist; those that do not answer 200, and
 * after that whatever `fault` finds in an answer.
 */
export async function darkViews(
  world: World,
  operations: readonly Operation[],
  filled: (path: string) => string,
  fault: (text: string) => string | undefined = () => undefined,
): Promise<readonly string[]> {
  const found: string[] = []
  const at = '2026-01-15T22:52:00+08:00'
  const query = { at, asset: 'w1', from: at, to: '2026-01-16T22:00:00+08:00', username: '' }
  for (const { method, path, parameters } of operations) {
    if (method !== 'GET' || NO_VIEW.test(path)) continue
    const params = new URLSearchParams()
    for (const { name } of parameters) {
      if (Object.hasOwn(query, name)) params.set(name, query[name as keyof typeof query])
    }
    const asked = `${filled(path)}?${params.toString()}`
    const answer = await fetch(world.url() + asked, { headers: { cookie: await world.as('admin').cookie() } })
    const text = await answer.text()
    const isNotTheirs = answer.status === 403 && /notifications/.test(path)
    if (answer.status !== 200 && !isNotTheirs) found.push(`${asked} → ${String(answer.status)}`)
    const wrong = fault(text)
    if (wrong !== undefined) found.push(`${asked}: ${wrong}`)
  }
  return found
}
