import { describe, expect, it } from 'vitest'
import { TROUBLE_PARTS } from '#contract/live.ts'
import { troublesOf, type PartsState } from '../../../server/domain/self-monitoring/trouble.ts'
import { partsState } from '../../support/parts-state.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

type Row = readonly [part: string, stops: boolean, change: Partial<PartsState>, zh: string, en: string]
const aWall = (name: string, silentMs: number) => ({ id: name, name, silentMs })
const ROWS: readonly Row[] = [
  ['broker', true, { brokerConnected: false }, 'MQTT 入口已关闭', 'entrance is closed'],
  ['broker', true, { brokerConnected: false, brokerIsExternal: true }, '外部 MQTT', 'external MQTT broker'],
  ['broker', false, { connectionLimit: 16, deviceCount: 900 }, '16 台设备,而网络中有 900 台', '16 of 900'],
  ['journal', true, { journalRefuses: 'journal is full: disk' }, '设备会保留并重发', 'send it again'],
  ['journal', false, { journalBehindConsumer: true }, '日志缺少末尾一段', 'end of the journal is missing'],
  ['broker', false, { sessionsUnsaved: 'database is locked' }, 'MQTT 会话文件不能写入', 'cannot be written'],
  ['database', true, { databaseProblem: 'disk is full' }, '工单操作无法保存', 'are not saved'],
  ['database', false, { damagedRows: ['ticket 7: openedAt must be number'] }, '1 条记录已损坏', '1 rows'],
  ['schedule', true, { scheduleFails: { deadlines: 'locked' } }, '时限提醒停摆:', 'deadlines do not'],
  ['schedule', true, { scheduleFails: { notifications: 'x' } }, '通知发送停摆', 'tell people by phone'],
  ['schedule', true, { scheduleFails: { duty: 'x', deadlines: 'y' } }, '时限提醒停摆', 'deadlines do not'],
  ['schedule', false, { scheduleFails: { 'forgetting callers': 'x' } }, '不能自动删除', 'not deleted'],
  ['schedule', false, { scheduleFails: { duty: 'x' } }, '值班检查停摆', 'roster is not watched'],
  ['schedule', true, { scheduleStuckMs: 2 * MINUTE }, '时限提醒停摆', 'watch by hand'],
  ['detector', true, { detectorProblem: 'broken' }, '检测停摆:', 'detection has stopped:'],
  ['detector', true, { detectorStuckMs: 3 * MINUTE }, '检测停摆', 'has stopped'],
  ['detector', true, { detectorProblem: 'x', detectorUnsaved: 'full' }, '检测停摆', 'has stopped'],
  ['detector', false, { detectorUnsaved: 'full' }, '报警照常', 'alarms go on'],
  [
    'store',
    false,
    { storeProblem: 'refused', storeKind: 'InfluxDB 1' },
    'InfluxDB 1 不能写入:',
    'alarms and tickets go on',
  ],
  ['store', false, { storeProblem: 'full' }, '历史库 不能写入', 'the history store takes nothing'],
  ['store', false, { storeStuckMs: 2 * MINUTE }, '历史库 不能写入', 'curves stand still'],
  ['store', false, { storeRelapses: 3 }, '已连续崩溃 3 次', 'has crashed 3 times on end'],
  ['store', false, { storeRelapses: 2, storeProblem: 'heap' }, '重启间隔逐次加长', 'ever more slowly'],
  ['store', false, { unstorableMessages: 4, unstorableDir: '/d' }, '4 条已确认的消息', '4 acknowledged'],
  ['telemetry', false, { telemetrySilentMs: 12 * MINUTE }, '12 分钟没有收到任何设备', 'for 12 min'],
  ['channels', false, { failingChannels: ['wecom', 'sms'] }, 'wecom、sms 故障', 'by phone'],
  ['clock', false, { clockHeldMs: 1.5 * HOUR }, '快了 1.5 小时', 'ahead by 1.5 h'],
  ['clock', false, { clockHeldMs: -365 * 24 * HOUR }, '慢了 365 天', 'behind by 365 days'],
  ['disk', false, { diskIsLow: true, diskFreeBytes: 900 * 1024 ** 2 }, '剩余 900 MB', '900 MB'],
  ['disk', false, { diskIsLow: true }, '最旧的历史数据会提前删除', 'the oldest history goes before its time'],
  [
    'disk',
    false,
    { diskIsLow: true, storeKind: 'InfluxDB 2' },
    '写满后新数据和工单不能保存',
    'neither data nor tickets are saved',
  ],
  ['files', false, { filesMissing: ['readings/raw/2026-01-02.db'] }, '不见了', 'are gone'],
  ['files', false, { filesSetAside: ['a.damaged-1', 'b', 'c', 'd'] }, '(4):a.damaged-1, b, c', 'set aside'],
  ['device', false, { isolatedDevices: ['a', 'b', 'c', 'd'] }, '4 台设备出错,已隔离:a、b、c', '4 devices'],
  [
    'wall',
    false,
    { walls: [aWall('北墙', 1000), aWall('东墙', 4 * MINUTE), aWall('西墙', 5 * MINUTE)] },
    '大屏「东墙」「西墙」已 5 分钟没有响应',
    'Wall screen “东墙”, “西墙” silent for 5 min',
  ],
  ['heartbeat', false, { heartbeatProblem: 'ENOTFOUND' }, '无人得知', 'cannot be reached'],
]

describe('what does not work', () => {
  it.each(ROWS)('%s (stops the main job: %s)', (...row) => {
    const [part, stops, change, zh, en] = row
    const found = troublesOf(partsState(change))
    expect(found).toMatchObject([{ part, stops }])
    expect(found[0]?.text.zh).toContain(zh)
    expect(found[0]?.text.en).toContain(en)
  })

  it('keeps what the part itself says apart from the words for everybody', () => {
    expect(troublesOf(partsState({ storeProblem: 'ECONNREFUSED' }))[0]?.detail).toBe('ECONNREFUSED')
    expect(troublesOf(partsState({ detectorStuckMs: 3 * MINUTE }))[0]?.detail).toBe('3 min')
  })

  it('is told of every part that can fail', () => {
    expect(new Set(ROWS.map(([part]) => part))).toEqual(new Set(TROUBLE_PARTS))
  })

  it.each<[string, Partial<PartsState>]>([
    ['nothing fails', {}],
    ['the detector is half a minute behind', { detectorStuckMs: 30_000 }],
    ['a timed part takes its time, and the store', { scheduleStuckMs: 30_000, storeStuckMs: 30_000 }],
    ['the thread that stores has fallen once', { storeRelapses: 1 }],
    ['a wall is quiet for two minutes', { walls: [aWall('北墙', 2 * MINUTE)] }],
    ['the devices pause for nine minutes', { telemetrySilentMs: 9 * MINUTE }],
  ])('is nothing while %s', (_name, change) => {
    expect(troublesOf(partsState(change))).toEqual([])
  })

  it('names what stops the main job first, and one silence only once', () => {
    const all = partsState({ storeProblem: 'x', telemetrySilentMs: HOUR, brokerConnected: false })
    expect(troublesOf(all).map(({ part }) => part)).toEqual(['broker', 'store'])
  })
})
