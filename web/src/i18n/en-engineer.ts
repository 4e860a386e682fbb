import type { Translated } from './dictionary.ts'
import type { zhEngineer } from './zh-engineer.ts'

export const enEngineer: Translated<typeof zhEngineer> = {
  backtest: {
    purpose: 'Turn a limit and see what the past would have raised, beside what was raised',
    begin: 'New backtest',
    from: 'From',
    to: 'To',
    lately: (hours) => (hours < 72 ? `${hours} h` : `${hours / 24} days`),
    findSetting: 'Find a limit',
    asDelivered: 'As delivered',
    outOfRange: 'A limit is out of its range.',
    waitForOther: 'Another backtest is running',
    start: (n) => (n === 0 ? 'Run as delivered' : `Run with ${n} changed ${n === 1 ? 'limit' : 'limits'}`),
    runs: 'Latest runs',
    states: { running: 'running', done: 'done', failed: 'failed', stopped: 'stopped' },
    incidentStates: { suspected: 'suspected', confirmed: 'confirmed' },
    incidents: (n) => `${n} ${n === 1 ? 'incident' : 'incidents'}`,
    empty: 'No backtest yet',
    emptyMore:
      'Choose a period on the left, change limits if you like, and start. It touches neither the running detector nor any ticket.',
    result: 'Result of the backtest',
    stop: 'Stop',
    both: 'Both',
    onlyRun: 'Only the run',
    onlyLive: 'Only then',
    deviceFaults: 'Device faults',
    pairs: 'One by one',
    lane: { run: 'run', live: 'then' },
    nothing: 'Neither raised anything in this period',
    nothingYet: 'Nothing raised so far',
    account: 'What could be watched',
    sooner: (duration) => `${duration} sooner`,
    later: (duration) => `${duration} later`,
  },
}
