/** Whether a topic lies within a filter (MQTT 3.1.1, 4.7); empty levels count as any other. */
export function matches(filter: string, topic: string): boolean {
  const [wanted, given] = [filter.split('/'), topic.split('/')]
  if (isReserved(topic) && startsWithWildcard(filter)) return false
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return true
    if (index >= given.length || (level !== '+' && level !== given[index])) return false
  }
  return wanted.length === given.length
}

/** [MQTT-4.7.2-1]: a leading wildcard does not reach a topic that begins with `$`. */
export function isReserved(topic: string): boolean {
  return topic.startsWith('$')
}

function startsWithWildcard(filter: string): boolean {
  return filter.startsWith('#') || filter.startsWith('+')
}
