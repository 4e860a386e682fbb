import { describe, expect, it } from 'vitest'
import { fieldValue } from '../../../../server/domain/network/delivery/field-values.ts'

describe('a cell in the form that the network file wants', () => {
  it.each([
    ['depthM', '3.2', 3.2],
    ['depthM', '3.2m', 3.2],
    ['depthM', '３．２', 3.2],
    ['heatedAreaM2', '128,000', 128000],
    ['diameterMm', 'DN400', 400],
    ['diameterMm', 'φ426×7', 412],
    ['diameterMm', 'D219*6', 207],
    ['households', '320.0', 320],
    ['id', 17, '17'],
    ['id', ' J-1 ', 'J-1'],
    ['id', '~@Pump 1', 'Pump_1'],
    ['name', '东大街１号井', '东大街1号井'],
    ['commissionedAt', '2012/10/15', '2012-10-15'],
    ['commissionedAt', '2012-10-15 00:00:00', '2012-10-15'],
    ['commissionedAt', '2012年10月15日', '2012-10-15'],
    ['commissionedAt', '20121015', '2012-10-15'],
    ['commissionedAt', '2012.5', '2012-05-01'],
    ['commissionedAt', 2012, '2012-01-01'],
    ['underConstruction', 0, false],
    ['underConstruction', '在建', true],
    ['normallyOpen', '常闭', false],
    ['network', '一次网', 'primary'],
    ['network', 'Secondary', 'secondary'],
    ['class', '支线', 'branch'],
    ['class', '主干管', 'trunk'],
    ['side', '供水', 'supply'],
    ['side', '供回水', 'both'],
    ['name', '-', undefined],
    ['name', null, undefined],
    ['depthM', NaN, undefined],
  ])('%s %j is %j', (field, cell, value) => {
    expect(fieldValue(field, cell)).toEqual(value)
  })

  it('gives back what it does not understand, for the check to name it', () => {
    expect(fieldValue('depthM', '三米')).toBe('三米')
    expect(fieldValue('class', '其他')).toBe('其他')
    expect(fieldValue('commissionedAt', '去年')).toBe('去年')
  })
})
