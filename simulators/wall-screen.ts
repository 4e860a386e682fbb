import { setTimeout as wait } from 'node:timers/promises'
import { signIn, type HotlineAccess } from './callers.ts'

/** A screen that hangs on a wall and, as by a power cut, goes dark at an instant without signing out. */
export async function hangWall(
  access: Omit<HotlineAccess, 'username'>,
  { name, darkAt }: { readonly name: string; readonly darkAt: number },
  signal: AbortSignal,
): Promise<void> {
  const cookie = await signIn({ ...access, username: 'wall' })
  const power = new AbortController()
  const url = new URL(`/api/v1/live?${new URLSearchParams({ screen: name })}`, access.httpUrl)
  const both = AbortSignal.any([signal, power.signal])
  const feed = await fetch(url, { headers: { cookie }, signal: both })
  // Nobody looks at it; it only has to be read so that the server does not cut it.
  const reading = feed.body?.pipeTo(new WritableStream(), { signal: both }).catch(() => undefined)
  await wait(Math.max(0, darkAt - Date.now()), undefined, { signal }).catch(() => undefined)
  power.abort()
  await reading
}
