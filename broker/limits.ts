/** Hard limits of the broker. Every one has a default that a setting or a test may change. */
export interface BrokerLimits {
  /** Open connections in all, and from one address; beyond them a new one is closed at once. */
  readonly connections: number
  readonly connectionsPerAddress: number
  /** Connections that have not signed in yet; beyond these the oldest of them makes room. */
  readonly pending: number
  readonly pendingPerAddress: number
  /** Time to send a whole CONNECT, and time to send the rest of any later frame, ms. */
  readonly connectTimeoutMs: number
  readonly frameTimeoutMs: number
  /** Remaining length of a frame before and after CONNECT, bytes. */
  readonly connectBytes: number
  readonly frameBytes: number
  /** A keep-alive of 0, or a longer one, counts as this, s. */
  readonly keepAliveS: number
  /** A subscriber that does not read is cut after this, ms. */
  readonly drainTimeoutMs: number
  /** Messages a second from one device, and how many it may save up. */
  readonly messagesPerS: number
  readonly burst: number
  readonly willBytes: number
  readonly subscriptionsPerDevice: number
  /** Levels of a topic or filter; aedes takes 100 at most. */
  readonly topicLevels: number
  /** QoS 2 messages of one device that wait for PUBREL. */
  readonly inboundQos2: number
  /** clean=false: commands wait on disk while the device is away. */
  readonly persistentSessions: boolean
  /** Commands waiting for one device, and for all of them. */
  readonly queuedMessages: number
  readonly queuedBytes: number
  readonly queuedBytesTotal: number
  readonly retainedTopics: number
  /** A session that was not used for so long is deleted, ms. */
  readonly sessionExpiryMs: number
}

export const DEFAULT_LIMITS: BrokerLimits = {
  connections: 10_000,
  connectionsPerAddress: 5000,
  pending: 4000,
  pendingPerAddress: 1000,
  connectTimeoutMs: 5000,
  frameTimeoutMs: 120_000,
  connectBytes: 4096,
  // A full body of 64 KiB, with room for the longest topic and the packet id.
  frameBytes: 64 * 1024 + 512,
  keepAliveS: 3600,
  drainTimeoutMs: 8000,
  messagesPerS: 5000,
  burst: 10_000,
  willBytes: 1024,
  subscriptionsPerDevice: 32,
  topicLevels: 8,
  inboundQos2: 200,
  persistentSessions: true,
  queuedMessages: 1000,
  queuedBytes: 1024 * 1024,
  queuedBytesTotal: 64 * 1024 * 1024,
  retainedTopics: 50_000,
  sessionExpiryMs: 7 * 24 * 3600 * 1000,
}

/** Limits of the open broker, wide enough for what public conformance suites send. */
export const OPEN_LIMITS: Partial<BrokerLimits> = {
  connections: 200,
  connectionsPerAddress: 200,
  pending: 100,
  pendingPerAddress: 100,
  connectBytes: 256 * 1024,
  frameBytes: 1024 * 1024,
  willBytes: 65_535,
  subscriptionsPerDevice: 1000,
  topicLevels: 100,
}

/** What a wrong secret or a foreign topic costs a device: a neighbour behind the same address never waits. */
export const PENALTIES = { shortestMs: 100, longestMs: 5000, forgottenAfterMs: 60_000 }
