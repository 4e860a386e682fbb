import type { ServerProcess } from './server-process.ts'

/** Every stored instant of a device's battery, page by page. */
export async function storedTimes(
  server: ServerProcess,
  deviceId: string,
  from: number,
): Promise<ReadonlySet<number>> {
  const found = new Set<number>()
  let cursor: string | undefined
  do {
    const place = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page = await server
      .as('engineer')
      .get<{ series: { points: [number, number][] }[]; next?: string }>(
        `/readings?device=${deviceId}&signal=battery_v&from=${String(from)}${place}`,
      )
    for (const { points } of page.series) for (const [ts] of points) found.add(ts)
    cursor = page.next
  } while (cursor !== undefined)
  return found
}
