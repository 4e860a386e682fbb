import type { JoinedPipe } from './join-lines.ts'

/** One pipe of each part of the network that hangs together, largest part first. */
export function partsOfPipes(
  pipes: readonly JoinedPipe[],
): readonly { readonly pipe: JoinedPipe; readonly pipes: number }[] {
  const leader = new Map<string, string>()
  const find = (id: string): string => {
    let top = id
    for (let up = leader.get(top); up !== undefined && up !== top; up = leader.get(top)) top = up
    for (let at = id; at !== top;) {
      const next = leader.get(at) ?? top
      leader.set(at, top)
      at = next
    }
    return top
  }
  for (const { from, to } of pipes) leader.set(find(from), find(to))
  const parts = new Map<string, { pipe: JoinedPipe; pipes: number }>()
  for (const pipe of pipes) {
    const part = parts.get(find(pipe.from))
    if (part === undefined) parts.set(find(pipe.from), { pipe, pipes: 1 })
    else part.pipes += 1
  }
  return [...parts.values()].sort((a, b) => b.pipes - a.pipes)
}
