import { afterEach, describe, expect, it } from 'vitest'
import type { PastBoard, Timeline } from '#contract/board.ts'
import { aWorld, type World } from '../support/world.ts'
import { aDevice, aFile, aPipe, aSource, aWell, place } from '../support/networks.ts'
import { openCover } from '../support/town.ts'

let world: World
afterEach(() => world.close())

const on = (time: string): string => encodeURIComponent(`2026-01-15T${time}+08:00`)
const boardAt = (time: string) => world.as('dispatcher').get<PastBoard>(`/board?at=${on(time)}`)

describe('the desk as it was known then', () => {
  it('shows only what had been entered, with the clocks of that instant', async () => {
    world = await aWorld({ start: '10:00:00' })
    await world.advance({ minutes: 5 })
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()
    const [ticket] = await world.as('dispatcher').tickets()
    await world.advance({ minutes: 2 })
    const [incident] = await world.as('dispatcher').incidents()
    await world.as('dispatcher').post(`/incidents/${incident?.id ?? ''}/acknowledge`, {})
    await world.advance({ minutes: 13 })
    await world.as('officer-network-ops').does(ticket?.id ?? '', 'accept')
    await world.advance({ minutes: 10 })

    const before = await boardAt('10:04:00')
    expect([before.tickets, before.incidents]).toEqual([[], []])

    const fresh = await boardAt('10:06:00')
    expect(fresh.tickets).toMatchObject([{ state: 'dispatched', level: 'special' }])
    expect(fresh.incidents[0]?.acknowledgedAt).toBeUndefined()
    expect(fresh.incidents[0]?.ticketIds).toEqual([ticket?.id])
    expect(fresh.tickets[0]?.clocks.find(({ key }) => key === 'assign')?.state).toBe('running')

    const heard = await boardAt('10:08:00')
    expect(heard.incidents[0]?.acknowledgedAt).toBeDefined()
    expect(heard.tickets[0]?.events.map(({ type }) => type)).not.toContain('accept')
    expect((await boardAt('10:25:00')).tickets[0]?.events.map(({ type }) => type)).toContain('accept')
  })

  it('remembers which devices were silent, also when they speak again', async () => {
    world = await aWorld({ start: '10:00:00' })
    await world.publish('dev-w2', { battery_v: 3.6 })
    await world.advance({ hours: 80 })
    await world.publish('dev-w2', { battery_v: 3.6 })
    await world.settle()
    await world.advance({ minutes: 1 })
    const then = (day: string) =>
      world.as('wall').get<PastBoard>(`/board?at=${encodeURIComponent(`${day}+08:00`)}`)
    expect((await then('2026-01-15T10:00:00')).assets).toEqual([])
    expect((await then('2026-01-18T17:00:00')).assets).toContainEqual({ id: 'w2', health: 'silent' })
    expect((await then('2026-01-18T18:01:00')).assets).not.toContainEqual({ id: 'w2', health: 'silent' })
  })

  it('remembers which stretches nothing watched, and no longer when they are watched again', async () => {
    const sensor = aDevice('dev-p1', { signals: ['pressure_mpa'], intervalS: 60 })
    const [source, well] = [aSource('src', place(0, 0)), aWell('p1', place(400, 0), { devices: [sensor] })]
    world = await aWorld({ start: '10:00:00', network: aFile(source, well, aPipe('pipe', source, well)) })
    const speaks = () => world.publish('dev-p1', { pressure_mpa: 0.8 })
    await speaks()
    await world.advance({ hours: 2 })
    await speaks()
    await world.advance({ minutes: 1 })
    expect((await boardAt('10:00:00')).blindPipeIds).toEqual([])
    expect((await boardAt('11:50:00')).blindPipeIds).toEqual(['pipe'])
    expect((await boardAt('12:01:00')).blindPipeIds).toEqual([])
  })

  it('a timeline counts what was entered and names what was opened', async () => {
    world = await aWorld({ start: '10:00:00' })
    await world.advance({ minutes: 30, seconds: 7 })
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()
    await world.advance({ minutes: 1 })
    const timeline = await world
      .as('wall')
      .get<Timeline>(`/board/timeline?from=${on('10:00:00')}&to=${on('11:00:00')}`)
    expect(timeline.binSeconds).toBe(25)
    expect(timeline.bins).toHaveLength(144)
    expect(timeline.bins.slice(0, 70).every((events) => events === 0)).toBe(true)
    expect(timeline.bins.reduce((sum, events) => sum + events)).toBeGreaterThanOrEqual(2)
    expect(timeline.openings).toMatchObject([{ kind: 'cover', level: 'special' }])
  })

  it('refuses the future and what is no time', async () => {
    world = await aWorld({ start: '10:00:00' })
    const ask = (path: string) => world.as('dispatcher').ask('GET', path)
    expect(await ask(`/board?at=${on('12:00:00')}`)).toMatchObject({
      status: 422,
      body: { code: 'bad-time' },
    })
    expect(await ask('/board?at=gestern')).toMatchObject({ status: 400 })
    expect(await ask('/board')).toMatchObject({ status: 400 })
    expect(await ask(`/board/timeline?from=${on('10:00:00')}&to=${on('09:00:00')}`)).toMatchObject({
      status: 400,
    })
  })
})
