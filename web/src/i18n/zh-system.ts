/** How the system itself is. */
export const zhSystem = {
  system: {
    troubles: '系统异常',
    since: (time: string) => `自 ${time}`,
    acceptClock: '确认新时间',
    channels: '通知',
    noChannels: '未设置',
  },
}
