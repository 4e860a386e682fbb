import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparable, placesNamed } from '../../../server/domain/network/address-words.ts'
import { nearest } from '../../../server/domain/network/locate.ts'
import { searchAssets } from '../../../server/domain/network/search.ts'
import { aDevice, aNetwork, aPipe, aSource, aStation, aWell, place } from '../../support/networks.ts'

const H = aSource('H-01', place(0, 0), { name: '乌达热源厂' })
const W1 = aWell('W-12', place(500, 0), { name: '迎宾路三号井', address: '迎宾路与学府街交叉口' })
const W2 = aWell('W-120', place(800, 0), { name: '迎宾路四号井', address: '迎宾路 88 号' })
const W3 = aWell('W-3', place(2000, 0), {
  name: '学府街井',
  address: '学府街 5 号',
  devices: [aDevice('lid-77')],
})
const S1 = aStation('S-1', place(1000, 500), { name: '阳光小区换热站', address: '团结路阳光小区 12 栋' })
const NET = aNetwork(H, W1, W2, W3, S1, aPipe('P-1', H, W1, { name: '迎宾路主干线' }))

const ids = (text: string, near?: readonly [number, number]) =>
  searchAssets(NET, text, near === undefined ? {} : { near }).map(({ asset }) => asset.id)

describe('searching assets', () => {
  it.each([
    ['by id', 'W-12', 'W-12'],
    ['by id without its hyphen, in lower case', 'w12', 'W-12'],
    ['by id in full width', 'Ｗ－１２', 'W-12'],
    ['by the device that stands there', 'lid-77', 'W-3'],
    ['by the beginning of its device', 'LID-7', 'W-3'],
    ['by name', '阳光小区换热站', 'S-1'],
    ['by part of a name', '热源厂', 'H-01'],
    ['with spaces', ' 迎宾路 三号井 ', 'W-12'],
    ['with digits for said numbers', '迎宾路4号井', 'W-120'],
    ['by said number', '团结路阳光小区十二栋', 'S-1'],
    ['by crossing', '迎宾路与学府街路口', 'W-12'],
    ['by crossing, the other way round', '学府街和迎宾路十字路口附近', 'W-12'],
    ['by street and number', '迎宾路88号', 'W-120'],
    ['by a house that is not in the register, its street is', '团结路 99 号', 'S-1'],
    ['by an id within a sentence', '井号W-120冒汽', 'W-120'],
    ['with a slip of the pen', '阳光小区换热战', 'S-1'],
    ['as its name is spoken', 'yangguangxiaoqu', 'S-1'],
    ['by the first letters', 'ygxqhrz', 'S-1'],
    ['by a mixture of both', 'yangguangxq', 'S-1'],
    ['by letters and a digit', 'ybl88h', 'W-120'],
    ['as a crossing is spoken', 'YINGBIN LU YU XUEFU JIE', 'W-12'],
  ])('%s', (_name, text, first) => {
    expect(ids(text)[0]).toBe(first)
  })
  it.each(['', '   ', '。,', '火车站', '%_\'";--', '.*'])('%j finds nothing', (text) => {
    expect(ids(text)).toEqual([])
  })
  it('puts the nearer of two equals first', () => {
    expect(ids('学府街', place(1990, 0))[0]).toBe('W-3')
    expect(ids('学府街', place(510, 0))[0]).toBe('W-12')
  })
  it('gives the nearest when only a place is known', () => {
    const found = searchAssets(NET, '', { near: place(810, 0), limit: 2 })
    expect(found.map(({ asset }) => asset.id)).toEqual(['W-120', 'P-1'])
    expect(found[0]?.why).toEqual(['距所给位置 10 米'])
  })
  it('says why', () => {
    expect(searchAssets(NET, '迎宾路与学府街路口')[0]?.why).toEqual(['迎宾路、学府街 相符'])
    expect(searchAssets(NET, 'W-12')[0]?.why).toEqual(['编号相同'])
  })
  it('gives no more than asked for', () => {
    expect(searchAssets(NET, '迎宾路', { limit: 2 })).toHaveLength(2)
  })
  it('throws for no text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: 'grapheme' }), (text) => {
        expect(searchAssets(NET, text).length).toBeLessThanOrEqual(10)
      }),
      { numRuns: 200, seed: 5 },
    )
  })
})

describe('the words of an address', () => {
  it.each([
    ['三号井', '3号井'],
    ['十二栋', '12栋'],
    ['二十号', '20号'],
    ['一百零五号', '105号'],
    ['一二三号', '123号'],
    ['三中', '三中'],
    ['３ 号－井', '3号井'],
  ])('%s is compared as %s', (text, expected) => {
    expect(comparable(text)).toBe(expected)
  })
  it.each([
    ['迎宾路与学府街路口', ['迎宾路', '学府街']],
    ['乌达区迎宾路12号阳光小区3号楼', ['乌达区迎宾路', '12号', '阳光小区', '3号']],
    ['火车站', ['火车站']],
  ])('%s names %j', (text, expected) => {
    expect(placesNamed(text)).toEqual(expected)
  })
})

describe('the nearest assets', () => {
  it('are found in metres, nearest first, pipes by their nearest place', () => {
    const near = nearest(NET, place(250, 40), { limit: 3 })
    expect(near.map(({ asset, distanceM }) => [asset.id, Math.round(distanceM)])).toEqual([
      ['P-1', 40],
      ['H-01', 253],
      ['W-12', 253],
    ])
  })
  it.each([
    ['of one kind', { kinds: ['station' as const] }, ['S-1']],
    ['within a distance, inclusive', { withinM: 300, limit: 9 }, ['P-1', 'H-01', 'W-12']],
    ['none within', { withinM: 39 }, []],
  ])('%s', (_name, options, expected) => {
    expect(nearest(NET, place(250, 40), options).map(({ asset }) => asset.id)).toEqual(expected)
  })
  it('are none in an empty network, and are found from the other side of the Earth', () => {
    expect(nearest(aNetwork(), place(0, 0))).toEqual([])
    expect(nearest(NET, [-73, -39.5], { limit: 9 })).toHaveLength(6)
  })
})
