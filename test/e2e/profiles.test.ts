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

  it('come by a gateway, and what nobody understood is understood by a new profile', async () => {
    const world = await stage.world()
    const page = await stage.screen(world, 'engineer', { path: '/#profiles' })
    const kept = page.getByRole('navigation', { name: '报文格式' })
    await kept.getByRole('button', { name: '新建网关' }).click()
    const gateway = page.getByRole('form', { name: '网关' })
    await gateway.getByLabel('编号').fill('lora')
    await gateway.getByLabel('名称').fill('城西 LoRa')
    await gateway.getByText('ChirpStack v4').click()
    await gateway.getByRole('button', { name: '保存' }).click()
    await gateway.getByRole('button', { name: '签发密钥' }).click()
    const secret = await gateway.getByRole('status').innerText()
    expect(secret).toMatch(/^[\w-]{32}$/)

    const push = (body: object) =>
      fetch(`${world.url()}/api/v1/push/lora`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`lora:${secret}`).toString('base64')}` },
        body: JSON.stringify(body),
      })
    expect((await push({ sn: '77', angle: 3 })).status).toBe(202)
    await page.reload()
    const received = page.getByRole('complementary', { name: '收到的报文' })
    await received.getByRole('region', { name: '没有看懂的报文' }).getByRole('button').waitFor()

    await page.getByRole('button', { name: '新建', exact: true }).click()
    const form = page.getByRole('form', { name: '报文格式' })
    await form.getByLabel('编号').fill('lids')
    await form.getByLabel('中文名称').fill('井盖传感器')
    await form.getByLabel('英文名称').fill('Lid sensors')
    await form.getByRole('button', { name: '保存' }).click()
    await kept.getByRole('button', { name: /lora/ }).click()
    await gateway.getByText('井盖传感器').click()
    await gateway.getByRole('button', { name: '保存' }).click()
    await gateway.getByText('已保存').waitFor()

    await kept.getByRole('button', { name: /lids/ }).click()
    await form.getByRole('button', { name: '对没有看懂的 1 条再跑一遍' }).click()
    await form.getByText(/看懂 1 条.*1 条的设备还没有登记.*还剩 0 条/).waitFor()

    await page.evaluate("location.hash = '#devices'")
    const unknown = page.getByRole('region', { name: /已听到、未登记/ })
    await unknown.getByRole('button', { name: /serial:77/ }).click()
    const adopt = unknown.getByRole('form', { name: '登记为设备' })
    await adopt.getByLabel('所在设施').fill('热力井w1')
    expect(await adopt.getByRole('checkbox', { name: '井盖倾角' }).isChecked()).toBe(true)
    await adopt.getByRole('button', { name: '登记为设备' }).click()
    await unknown.getByText('没有被拒之门外的设备').waitFor()
    expect(await (await push({ sn: '77', angle: 3 })).json()).toMatchObject({ accepted: 1, waiting: 0 })
  })
})
