import Type from 'typebox'
import { WEBHOOK_EVENTS } from '../domain/notification/notification.ts'
import { toPrograms } from './channel-kind.ts'
import { signedSettings } from './setting-types.ts'
import { postSigned } from './signed-post.ts'

/** Another program that is told of tickets (Standard Webhooks). */
export const webhook = toPrograms({
  type: 'webhook',
  name: { zh: '其他程序', en: 'Another program' },
  settings: {
    ...signedSettings,
    events: Type.Optional(Type.Array(Type.Enum(WEBHOOK_EVENTS), { minItems: 1 })),
  },
  create: ({ events, ...target }, around) => ({
    rate: { burst: 60, perMinute: 600 },
    ...(events === undefined ? {} : { events }),
    send: ({ id, body }, signal) =>
      postSigned({ ...target, ...around }, { id, body: JSON.stringify(body) }, signal),
  }),
})
