/** Words of the first page: signing in, and the first account. */
export const zhEntrance = {
  signIn: {
    title: '登录',
    user: '用户名',
    password: '密码',
    submit: '登录',
    signingIn: '正在登录…',
    ended: '登录已过期，请重新登录。填写的内容都还在。',
    endedShort: '登录已过期',
    writeOn: '可以先写完，再登录提交。',
    out: '退出',
    purpose: '供热管网事件监视',
    notSetUp: '尚未设置',
  },
  firstAccount: {
    title: '首次使用：创建管理员',
    why: '本系统还没有任何账号。为防路人抢先，请输入服务器启动时显示的一次性代码。',
    code: '一次性代码',
    where:
      '在启动服务器的终端里（作为系统服务运行时：journalctl -u wellwatch）。每次启动都换新，用一次即失效。',
    nameRule: '小写字母、数字和连字符，以字母开头',
    passwordRule: '至少12位',
    again: '再输一次密码',
    differs: '两次输入的密码不一致',
    submit: '创建管理员并登录',
    demo: '只想先看看？在另一台电脑或另一个目录运行演示：',
  },
}
