import { writeFileSync } from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Part } from '../../bench/figure.ts'
import { openFeed } from '../../bench/feed.ts'
import { benchNetwork } from '../../bench/network.ts'
import { timeCovers } from '../../bench/parts/cover.ts'
import { SECRET, startServer } from '../../bench/server.ts'
import { aReceiver } from '../../notify/receiver.ts'

/** F17: a robot that never answers, one without an address, one that is busy; and one that works. */
export const channels: Part = async (run) => {
  const covers = run.quick ? 2 : 20
  const silent = await aReceiver(() => ({ silent: true }))
  const busy = await aReceiver(() => ({ body: { errcode: 45_009, errmsg: 'limited' } }))
  const good = await aReceiver(() => ({ body: { errcode: 0 } }))
  const dir = mkdtempSync(join(tmpdir(), 'channels-'))
  const robots = [
    `${silent.url}/silent`,
    'http://nowhere.invalid/robot',
    `${busy.url}/busy`,
    `${good.url}/good`,
  ]
  const blocks = robots.map(
    (url, n) => `[[notify.channel]]\nid = "robot-${String(n)}"\ntype = "wecom"\nurl = "${url}"\n`,
  )
  const config = join(dir, 'wellwatch.toml')
  writeFileSync(config, `[notify]\nallow = ["127.0.0.0/8"]\n\n${blocks.join('\n')}`)
  const server = await startServer(benchNetwork(1, covers), { WELLWATCH_CONFIG: config })
  const feed = await openFeed(server.url, { username: 'wall', password: SECRET })
  try {
    const began = performance.now()
    const took = await timeCovers(server, feed, { from: 0, to: covers })
    const worst = Math.max(...took)
    const patienceMs = run.quick ? 60_000 : 180_000
    const told = (): number =>
      good.got
        .map(({ text }) => text)
        .join()
        .match(/GW-|特级|special/g)?.length ?? 0
    while (told() < 1 && performance.now() - began < patienceMs)
      await new Promise((wait) => setTimeout(wait, 100))
    const toldS = told() === 0 ? Infinity : (performance.now() - began) / 1000
    run.say(`slowest ticket ${worst.toFixed(0)} ms, told by the fourth channel after ${toldS.toFixed(0)} s`)
    const most = (value: number) => ({ at: 'most' as const, value })
    return [
      {
        id: 'channels-ticket',
        what: 'three channels fail: slowest ticket',
        value: worst,
        unit: 'ms',
        target: most(5000),
      },
      {
        id: 'channels-told',
        what: 'three channels fail: told by the fourth',
        value: toldS,
        unit: 's',
        target: most(120),
      },
    ]
  } finally {
    feed.close()
    await server.remove()
    for (const receiver of [silent, busy, good]) await receiver.close()
    rmSync(dir, { recursive: true, force: true })
  }
}
