const PUBACK = 4
const PUBREC = 5
const PUBCOMP = 7
const MAX_PACKET_ID = 65_535

/** Messages sent to a client at QoS 1 or 2 and the answer that is due to each. */
export interface Inflight {
  /** The first packet id of this connection. */
  startAt(packetId: number): void
  /** A packet id that no message on its way has ([MQTT-2.3.1-4]), as long as there is one. */
  takePacketId(): number
  send(packetId: number, qos: 1 | 2): void
  /** False when another answer is due. One to a message of an earlier connection passes. */
  answer(type: number, packetId: number): boolean
}

export function createInflight(): Inflight {
  const due = new Map<number, number>()
  let nextId = 1
  return {
    startAt(packetId) {
      nextId = packetId
    },
    takePacketId() {
      let id = nextId
      while (due.has(id) && due.size < MAX_PACKET_ID) id = (id % MAX_PACKET_ID) + 1
      nextId = (id % MAX_PACKET_ID) + 1
      return id
    },
    send(packetId, qos) {
      due.set(packetId, qos === 1 ? PUBACK : PUBREC)
    },
    answer(type, packetId) {
      const wanted = due.get(packetId)
      if (wanted === undefined) return true
      if (type === PUBREC && wanted !== PUBACK) due.set(packetId, PUBCOMP)
      else if (type === wanted) due.delete(packetId)
      else return false
      return true
    },
  }
}
