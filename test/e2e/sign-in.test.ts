import { describe, expect, it } from 'vitest'
import { picture, useStage } from '../support/browser.ts'
import { deskOf, hotlineOf, signInOf } from './screens.ts'

const stage = useStage()

describe('signing in', () => {
  it('says in words that the password is wrong, and opens the desk with the right one', async () => {
    const world = await stage.world()
    const page = await stage.screen(world)
    const signIn = signInOf(page)
    await signIn.as('dispatcher', 'guess')
    await signIn.refusal.getByText('用户名或密码不正确').waitFor()
    expect(await signIn.password.inputValue()).toBe('')
    await picture(page, 'sign-in-refused')
    await signIn.as('dispatcher')
    const desk = deskOf(page)
    await desk.list.getByText('没有进行中的工单').waitFor()
    expect(await signIn.form.count()).toBe(0)
  })

  it('signing out shows nothing of the desk any more, also after a reload', async () => {
    const world = await stage.world()
    const page = await stage.screen(world)
    await signInOf(page).as('dispatcher')
    await deskOf(page).top.getByRole('button', { name: '退出' }).click()
    await signInOf(page).form.waitFor()
    expect(await deskOf(page).list.count()).toBe(0)
    await page.reload()
    await signInOf(page).form.waitFor()
    expect(await deskOf(page).list.count()).toBe(0)
  })

  it('a session that the server ended asks again, and the hotline draft is still there', async () => {
    const world = await stage.world()
    const page = await stage.screen(world)
    await signInOf(page).as('operator')
    await deskOf(page).list.waitFor()
    await page.keyboard.press('h')
    const hotline = hotlineOf(page)
    await page.keyboard.press('1')
    await hotline.address.fill('解放路 12 号')
    await hotline.phone.fill('13812345678')
    await hotline.drawer.getByText('附近没有同类事件').waitFor()
    const cookies = await page.context().cookies()
    const token = cookies.find(({ name }) => name === 'wellwatch_session')?.value ?? ''
    await fetch(`${world.url()}/api/v1/session`, {
      method: 'DELETE',
      headers: { cookie: `wellwatch_session=${token}` },
    })
    // The caret stays with whoever is writing: every letter goes where it was meant to go.
    await page.keyboard.press('Alt+Digit2')
    await page.getByText('登录已过期').waitFor()
    await hotline.phone.press('End')
    await page.keyboard.type('转8')
    expect(await hotline.phone.inputValue()).toBe('13812345678转8')
    const again = signInOf(page)
    expect(await again.form.count()).toBe(0)
    await page.getByRole('button', { name: '登录' }).click()
    await again.form.getByText('填写的内容都还在').waitFor()
    expect(await again.name.inputValue()).toBe('operator')
    await picture(page, 'sign-in-again')
    await again.password.fill('demo')
    await page.keyboard.press('Enter')
    await again.form.waitFor({ state: 'detached' })
    expect(await hotline.address.inputValue()).toBe('解放路 12 号')
    expect(await hotline.phone.inputValue()).toBe('13812345678转8')
    expect(await hotline.phone.and(page.locator(':focus')).count()).toBe(1)
    expect(await hotline.kind('井冒汽冒水').isChecked()).toBe(true)
  })
})
