/** Whether `filter` is one by MQTT 3.1.1 §4.7: `+` and `#` each fill a level, `#` the last one. */
export function isTopicFilter(filter: string): boolean {
  if (filter === '' || filter.includes('\0')) return false
  const levels = filter.split('/')
  return levels.every((level, index) => {
    if (level === '#') return index === levels.length - 1
    return level === '+' || !/[+#]/.test(level)
  })
}

/** Whether a message on `topic` goes to subscribers of `filter`. */
export function topicMatches(filter: string, topic: string): boolean {
  const wanted = filter.split('/')
  const levels = topic.split('/')
  // MQTT-4.7.2-1: a wildcard in front stands for no topic of the broker's own.
  if (topic.startsWith('$') && wanted[0] !== levels[0]) return false
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return true
    if (index >= levels.length || (level !== '+' && level !== levels[index])) return false
  }
  return wanted.length === levels.length
}
