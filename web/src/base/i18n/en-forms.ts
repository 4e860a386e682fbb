import type { Translated } from './dictionary.ts'
import type { zhForms } from './zh-forms.ts'

export const enForms: Translated<typeof zhForms> = {
  fields: {
    departmentId: 'Department',
    reason: 'Reason',
    scene: 'Scene',
    until: 'Shelve until',
    address: 'Address',
    callerPhone: 'Telephone',
    beganAt: 'When it began',
    description: 'What the caller says',
    kind: 'What is reported',
  },
  minutes: (n) =>
    n < 60 ? `${n} min` : n % 60 === 0 ? `${n / 60} h` : `${Math.floor(n / 60)} h ${n % 60} min`,
}
