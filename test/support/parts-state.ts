import type { PartsState } from '../../server/domain/self-monitoring/trouble.ts'

/** A system in which everything works, but for what is said. */
export function partsState(change: Partial<PartsState> = {}): PartsState {
  return {
    brokerIsExternal: false,
    brokerConnected: true,
    sessionsUnsaved: undefined,
    connectionLimit: 20_000,
    deviceCount: 0,
    journalRefuses: undefined,
    journalBehindConsumer: false,
    databaseProblem: undefined,
    damagedRows: [],
    scheduleFails: {},
    scheduleStuckMs: 0,
    detectorProblem: undefined,
    detectorStuckMs: 0,
    detectorUnsaved: undefined,
    isolatedDevices: [],
    storeKind: 'embedded',
    storeProblem: undefined,
    storeStuckMs: 0,
    storeRelapses: 0,
    unstorableMessages: 0,
    unstorableDir: '',
    telemetrySilentMs: 0,
    failingChannels: [],
    clockHeldMs: undefined,
    diskIsLow: false,
    diskFreeBytes: 2 ** 40,
    filesMissing: [],
    filesSetAside: [],
    heartbeatProblem: undefined,
    walls: [],
    ...change,
  }
}
