const PUBACK = 4
const PUBREC = 5
const PUBCOMP = 7

/** Which answer a connection owes to each message that it was sent at QoS 1 or 2. */
export interface Outstanding {
  readonly size: number
  has(messageId: number): boolean
  send(messageId: number, qos: 1 | 2): void
  /** False when another answer is due. One to a message of an earlier connection passes. */
  answer(type: number, messageId: number): boolean
}

export function createOutstanding(): Outstanding {
  const due = new Map<number, number>()
  return {
    get size() {
      return due.size
    },
    has: (messageId) => due.has(messageId),
    send(messageId, qos) {
      due.set(messageId, qos === 1 ? PUBACK : PUBREC)
    },
    answer(type, messageId) {
      const wanted = due.get(messageId)
      if (wanted === undefined) return true
      if (type === PUBREC && wanted !== PUBACK) due.set(messageId, PUBCOMP)
      else if (type === wanted) due.delete(messageId)
      else return false
      return true
    },
  }
}
