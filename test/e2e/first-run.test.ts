import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { faultsOf } from '../support/axe.ts'
import { picture, PHONE, useStage } from '../support/browser.ts'
import { signInOf } from './screens.ts'

const stage = useStage()

function firstAccountOf(page: Page) {
  const form = page.getByRole('form', { name: '热网哨' })
  const submit = form.getByRole('button', { name: '创建管理员并登录' })
  return {
    form,
    submit,
    refusal: form.getByRole('alert'),
    async fill(code: string, name = 'chief', password = 'a long password 1', again = password) {
      await form.getByLabel('一次性代码').fill(code)
      await form.getByLabel('用户名').fill(name)
      await form.getByLabel('密码', { exact: true }).fill(password)
      await form.getByLabel('再输一次密码').fill(again)
    },
  }
}

describe('an installation without anybody', () => {
  it('makes its administrator with the code of the terminal, and asks for a name and a password from then on', async () => {
    const world = await stage.world({ network: 'none', people: 'none' })
    const page = await stage.screen(world)
    const first = firstAccountOf(page)
    await first.submit.waitFor()
    expect(await faultsOf(page)).toEqual([])
    await picture(page, 'first-account')
    await page.setViewportSize(PHONE)
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)

    await first.fill('AAAA-AAAA-AAAA')
    await first.submit.click()
    await first.refusal.getByText('一次性代码不正确').waitFor()
    await first.fill(world.firstCode(), 'chief', 'a long password 1', 'a long password 2')
    await first.form.getByText('两次输入的密码不一致').waitFor()
    await first.submit.click()
    await first.fill(world.firstCode().toLowerCase())

    const second = await stage.screen(world)
    await firstAccountOf(second).fill(world.firstCode(), 'late')
    await first.submit.click()
    await first.form.waitFor({ state: 'detached' })
    await page.getByText('chief').first().waitFor()
    await firstAccountOf(second).submit.click()
    await signInOf(second).as('chief', 'a long password 1')
    await signInOf(second).form.waitFor({ state: 'detached' })
  })
})
