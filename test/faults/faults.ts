import { measure } from '../bench/measure.ts'
import { burst } from './parts/burst.ts'
import { channels } from './parts/channels.ts'
import { failing } from './parts/failing.ts'
import { flapping } from './parts/flapping.ts'
import { killed } from './parts/killed.ts'
import { mosquitto } from './parts/mosquitto.ts'
import { names } from './parts/names.ts'
import { outages } from './parts/outages.ts'
import { sessions } from './parts/sessions.ts'
import { soak } from './parts/soak.ts'
import { stopped } from './parts/stopped.ts'
import { storm } from './parts/storm.ts'
import { stuck } from './parts/stuck.ts'
import { walls } from './parts/walls.ts'

/**
 * `npm run faults` does to a real server what takes long: kills, outages of every kind, floods, frozen
 * clients, half an hour of load. `-- NAME…` some of the parts, `-- --quick` the short form, `-- --keep`
 * makes the results the ones to commit.
 */
await measure({
  command: 'npm run faults',
  script: import.meta.filename,
  results: new URL('./results.json', import.meta.url),
  parts: {
    killed,
    failing,
    outages,
    flapping,
    sessions,
    mosquitto,
    names,
    stopped,
    burst,
    storm,
    walls,
    stuck,
    channels,
    soak,
  },
})
