/** Labels of the fields of commands and calls, and of what can be chosen in them. */
export const zhForms = {
  fields: {
    departmentId: '派往部门',
    reason: '理由',
    scene: '现场情况',
    until: '搁置到',
    address: '详细地址',
    callerPhone: '联系电话',
    beganAt: '何时开始',
    description: '来电内容',
    kind: '反映事项',
  },
  minutes: (n: number) =>
    n < 60 ? `${n}分钟` : n % 60 === 0 ? `${n / 60}小时` : `${Math.floor(n / 60)}小时${n % 60}分`,
}
