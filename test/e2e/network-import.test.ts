import { describe, expect, it } from 'vitest'
import { faultsOf } from '../support/axe.ts'
import { picture, useStage } from '../support/browser.ts'

const stage = useStage()
const FILES = new URL('../formats/files/', import.meta.url).pathname

/** The page of an installation that has no network yet. */
async function importing() {
  const world = await stage.world({ network: 'none' })
  const page = await stage.screen(world, 'engineer', { path: '/#network' })
  const files = page.locator('input[type=file]')
  await page.getByText('还没有选择文件').waitFor()
  return { world, page, files }
}

describe('the network comes in on the page', () => {
  it('from a zipped Shapefile in five clicks: chosen, looked at on the map, asked once, imported', async () => {
    const { world, page, files } = await importing()
    await files.setInputFiles(`${FILES}town-4548-gbk.zip`)
    const pipes = page.getByRole('article', { name: '管线' })
    await pipes.waitFor()
    expect(await pipes.getByLabel('管径: 对应').inputValue()).toBe('diameterMm')
    await page.getByText('管线端点没有接到井、阀门、站或其他管线').waitFor()
    await page.locator('canvas.maplibregl-canvas').waitFor()
    expect(await faultsOf(page, '.desk > .page')).toEqual([])
    await picture(page, 'network-import')
    await page.getByRole('button', { name: '导入', exact: true }).click()
    await page.getByText('新增 28、更改 0、移除 0。确定导入？').waitFor()
    await page.getByRole('button', { name: '确定导入' }).click()
    await page.getByText('已导入：新增 28，更改 0，移除 0').waitFor()
    await page.getByRole('region', { name: '现有管网' }).getByText('管线').waitFor()
    const { features } = await world.as('engineer').get<{ features: unknown[] }>('/network')
    expect(features).toHaveLength(28)
  })

  it('from a table only once its coordinates are named, with columns matched by hand and kept by name', async () => {
    const { world, page, files } = await importing()
    await files.setInputFiles({
      name: '井表.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('a,b,c,lon,lat\nJ1,甲,检查井,116.4,39.9\nJ2,乙,三通,116.401,39.9\n'),
    })
    await page.getByText('没有写明坐标系: 请选择').waitFor()
    expect(await page.getByRole('button', { name: '导入', exact: true }).count()).toBe(0)
    const layer = page.getByRole('article', { name: '井表' })
    await layer.getByLabel('这一图层是').selectOption('well')
    await layer.getByLabel('a: 对应').selectOption('id')
    await layer.getByLabel('b: 对应').selectOption('name')
    await page.getByLabel('坐标系').selectOption('gcj')
    await page.getByRole('button', { name: '检查' }).last().click()
    await page.getByRole('button', { name: '导入', exact: true }).waitFor()
    await page.getByLabel('名称', { exact: true }).fill('井表')
    await page.getByRole('button', { name: '保存对应' }).click()
    await page.getByText('已保存为“井表”').waitFor()
    const kept = await world
      .as('engineer')
      .get<{ crs: string }>(`/network/mappings/${encodeURIComponent('井表')}`)
    expect(kept).toMatchObject({ crs: 'GCJ-02', layers: [{ kind: 'well', fields: { id: 'a', name: 'b' } }] })
  })

  it('shows the residuals of control points, and names the one that is wrong', async () => {
    const { page, files } = await importing()
    await page.getByLabel('坐标系').selectOption('points')
    const points = [
      ['500', '300', '116.4', '39.9'],
      ['1500', '300', '116.41169', '39.9'],
      ['1500', '1340', '116.41169', '39.90901'],
      ['500', '1300', '116.4', '39.90901'],
      ['1000', '800', '116.405845', '39.904505'],
    ]
    await page.getByRole('button', { name: '再加一点' }).click()
    for (const [i, point] of points.entries()) {
      for (const [j, name] of ['东 x', '北 y', '经度', '纬度'].entries()) {
        await page.getByLabel(`${name} ${String(i + 1)}`).fill(point[j] ?? '')
      }
    }
    await files.setInputFiles({
      name: '井.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('编号,名称,类型,X,Y\n1,甲,检查井,1000,800\n'),
    })
    await page.getByText('第 3 个控制点写错了: 残差最大').waitFor()
    await page.getByLabel('北 y 3').fill('1300')
    await page.getByRole('button', { name: '检查' }).last().click()
    await page.getByRole('columnheader', { name: '残差' }).waitFor()
    await page.getByRole('button', { name: '导入', exact: true }).waitFor()
    await picture(page, 'network-control-points')
  })

  it('is in English for who reads English, mistakes too', async () => {
    const { page, files } = await importing()
    await page.getByTitle('切换到英文').click()
    await files.setInputFiles({
      name: 'a.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('id,name,x,y\n1,A,1,2\n'),
    })
    await page.getByText('the coordinate system is not named').waitFor()
  })
})

describe('a single asset', () => {
  it('is put right on its page, with the reason kept beside it', async () => {
    const world = await stage.world({})
    const page = await stage.screen(world, 'engineer', { path: '/#asset/w1' })
    const form = page.getByRole('region', { name: '更正资料' })
    await form.getByLabel('项目').selectOption('depthM')
    await form.getByLabel(/改为/).fill('两米')
    await page.getByText('应为数字').waitFor()
    await form.getByLabel(/改为/).fill('2.6')
    await form.getByLabel(/理由/).fill('现场量过')
    await form.getByRole('button', { name: '更正' }).click()
    await page.getByText('engineer · 井深 m · 现场量过').waitFor()
    expect(await faultsOf(page, '.desk > .page')).toEqual([])
    const asset = await world.as('engineer').get<{ properties: object }>('/assets/w1')
    expect(asset.properties).toMatchObject({ depthM: 2.6 })
  })
})
