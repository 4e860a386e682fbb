import type { Locator, Page } from 'playwright-core'

/** What a person sees of the pages, by role and by the words on it. */

export function signInOf(page: Page) {
  const form = page.getByRole('form', { name: '热网哨' })
  return {
    form,
    name: form.getByLabel('用户名'),
    password: form.getByLabel('密码'),
    refusal: form.getByRole('alert'),
    async as(name: string, password = 'demo'): Promise<void> {
      await form.getByLabel('用户名').fill(name)
      await form.getByLabel('密码').fill(password)
      await form.getByRole('button', { name: '登录' }).click()
    },
  }
}

function listOf(page: Page) {
  const list = page.getByRole('region', { name: '事件清单' })
  const group = (name: string) => list.getByRole('group', { name })
  return {
    page,
    list,
    unacknowledged: group('未确认'),
    due: group('到期清单'),
    /** The row of a ticket, wherever in the list it stands; told by any words on it. */
    row: (words: string | RegExp) => rowIn(list, words),
    rowIn,
    selected: list.locator('[aria-current="true"]'),
    rows: list.getByRole('button').filter({ hasText: /特级|一级|二级|三级/ }),
  }
}

function rowIn(section: Locator, words: string | RegExp): Locator {
  return section
    .getByRole('button')
    .filter({ hasText: /特级|一级|二级|三级/ })
    .filter({ hasText: words })
}

export function deskOf(page: Page) {
  const panel = page.getByRole('complementary', { name: '判断依据' })
  const top = page.getByRole('banner')
  return {
    ...listOf(page),
    panel,
    ...actionsOf(page),
    map: page.getByRole('region', { name: '管网图' }),
    symbol: (words: string | RegExp) =>
      page.getByRole('region', { name: '管网图' }).getByRole('button', { name: words }),
    top,
    health: page.getByRole('status', { name: '系统状态' }),
  }
}

function actionsOf(page: Page) {
  const actions = page.getByRole('group', { name: '处置', exact: true })
  return {
    actions,
    act: (name: string) => actions.getByRole('button', { name, exact: true }),
    form: actions.getByRole('form'),
    said: actions.getByRole('status'),
    refusal: actions.getByRole('alert'),
  }
}

export function hotlineOf(page: Page) {
  const drawer = page.getByRole('dialog', { name: '热线受理' })
  return {
    drawer,
    kind: (name: string) => drawer.getByRole('radio', { name }),
    address: drawer.getByRole('combobox', { name: /详细地址/ }),
    candidates: drawer.getByRole('option'),
    phone: drawer.getByLabel(/联系电话/),
    began: drawer.locator('[name=beganAt]'),
    beganUnknown: drawer.getByRole('checkbox', { name: /不详/ }).first(),
    scene: drawer.locator('[name=scene]'),
    description: drawer.locator('[name=description]'),
    save: drawer.getByRole('button', { name: /并保存/ }),
    taken: drawer.getByRole('status'),
  }
}

export function phoneOf(page: Page) {
  return {
    ...listOf(page),
    ...actionsOf(page),
    steps: page.getByRole('list', { name: '处置步骤' }),
    now: page.locator('[aria-current="step"]'),
  }
}
