/** Words of notifications and of what is printed. */
export const zhOffice = {
  told: {
    purpose: '谁收到了通知,谁没能通知到,为什么',
    states: { label: '通知状态', dead: '未能送达', waiting: '待发送', sent: '已送达', withheld: '未发送' },
    statesMore: {
      dead: '试尽各通道仍失败,请改用电话',
      waiting: '等待发送或重试',
      sent: '通道已接收',
      withheld: '演练、已接单,或没有对应通道',
    },
    none: {
      dead: '没有送不到的通知',
      waiting: '没有等待发送的通知',
      sent: '还没有送达的通知',
      withheld: '没有未发送的通知',
    },
    channels: '通道',
    types: {
      wecom: '企业微信',
      dingtalk: '钉钉',
      feishu: '飞书',
      email: '邮件',
      sms: '短信',
      webhook: '其他程序',
    },
    noChannel: '没有配置通道',
    noChannelMore: '通知只在页面上出现。通道写在 wellwatch.toml 的 [[notify.channel]]。',
    rests: (until: string) => `暂停至 ${until}`,
    program: '发给其他程序',
    nobody: '值班表上无人',
    sentAt: (at: string) => `${at} 送达`,
    nextTry: (at: string) => `${at} 再试`,
    failures: (n: number) => `已失败 ${n} 次`,
    retry: '重新发送',
    more: '更早的',
  },
}
