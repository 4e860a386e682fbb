import { describe, expect, it } from 'vitest'
import { CHIRPSTACK_DECODED } from '../profiles/messages.ts'
import { useStage } from '../support/browser.ts'

const stage = useStage()

describe('messages of other platforms', () => {
  it('are pasted, read, and understood better by a profile of one’s own', async () => {
    const world = await stage.world()
    const page = await stage.screen(world, 'engineer', { path: '/#profiles' })
    const kept = page.getByRole('navigation', { name: '报文格式' })
    await kept.getByRole('button', { name: /ChirpStack/ }).click()
    const trial = page.getByRole('complementary', { name: /粘贴一条报文/ })
    await trial.getByLabel('报文', { exact: true }).fill(JSON.stringify(CHIRPSTACK_DECODED))
    await trial.getByRole('button', { name: '试一试' }).click()
    await trial.getByText(/^dev_eui:/).waitFor()
    await trial.getByText('没有设备登记此别名').waitFor()

    const form = page.getByRole('form', { name: '报文格式' })
    await form.getByRole('button', { name: '复制为自己的' }).click()
    await form.getByLabel('编号').fill('lids-of-ours')
    await form.getByLabel('JSONata 表达式').fill('{"alias": ')
    await form.getByRole('button', { name: '保存' }).click()
    await form.getByRole('alert').waitFor()
    await form
      .getByLabel('JSONata 表达式')
      .fill('{"alias": "dev_eui:" & body.deviceInfo.devEui, "values": {"cover_tilt_deg": 12}}')
    await form.getByRole('button', { name: '保存' }).click()
    await kept.getByRole('button', { name: /lids-of-ours/ }).waitFor()

    await trial.getByLabel('报文', { exact: true }).fill(JSON.stringify(CHIRPSTACK_DECODED))
    await trial.getByRole('button', { name: '试一试' }).click()
    await trial.getByRole('row', { name: /井盖倾角.*12 °/ }).waitFor()

    await page.reload()
    await kept.getByRole('button', { name: /lids-of-ours/ }).click()
    await form.getByRole('button', { name: '删除' }).click()
    await form.getByRole('button', { name: '确认删除' }).click()
    await kept.getByText('还没有自己的格式').waitFor()
    expect(await kept.getByRole('button').count()).toBeGreaterThan(2)
  })
})
