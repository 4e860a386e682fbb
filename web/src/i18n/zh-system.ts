/** How the system itself is. */
export const zhSystem = {
  system: {
    troubles: '系统异常',
    since: (time: string) => `自 ${time}`,
    acceptClock: '确认新时间',
    channels: '通知',
    noChannels: '未设置',
  },
  drills: {
    choose: '选一次演练看用时',
    more: '演练期间所选设施的告警照常走完流程，但不通知外部、不计入考核；结束后在这里看每一步谁用了多久。',
    purpose: '演练谁在多久内做了什么；不通知外部，不计入考核',
    begin: '开始演练',
    end: '结束演练',
    isOn: '进行中',
    reason: '演练内容',
    places: '演练设施',
    placesMore: '按编号或名称选；没选的设施照常报警',
    remove: (name: string) => `去掉${name}`,
    none: '还没有演练过',
    noTickets: '演练期间这些设施没有开出工单',
    ticket: '工单',
    clocks: '时限',
    minutes: (n: number) => `${n} 分`,
    note: '自开单起算。✓ 按时，✕ 超时。',
  },
}
