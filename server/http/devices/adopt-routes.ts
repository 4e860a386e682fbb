import Type from 'typebox'
import { DeviceListAnswer, NewDevice } from '#contract/device-list.ts'
import { refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { adoptDevice, type AdoptParts } from '../../flows/foreign/adopt-device.ts'
import { actorOf, answer, only, type Http } from '../core/http.ts'

const Params = Type.Object({ key: Type.String({ maxLength: 200 }) })
const Body = Type.Object({ device: NewDevice }, { additionalProperties: false })
const AdoptAnswer = Type.Object({
  ...DeviceListAnswer.properties,
  late: Type.Integer({ description: 'messages of the last 24 h that now count as late readings' }),
})

const NOBODY = refuse('not-found', {
  zh: '名单里没有这个发送者: 可能已登记,或超过七天没有再来',
  en: 'nobody of that key is on the list: registered already, or not heard for seven days',
})

/** Somebody who was heard and is not known becomes a device. */
export function adoptRoutes(parts: AdoptParts): (http: Http) => void {
  return (http) => {
    http.post(
      ROUTES.devicesAdopt,
      {
        schema: { params: Params, body: Body, response: { 200: AdoptAnswer } },
        attachValidation: true,
        onRequest: only('engineer', 'admin'),
      },
      async (request, reply) => {
        const heard = parts.unknown.find(request.params.key)
        if (heard === undefined) return answer(reply, NOBODY)
        const done = await adoptDevice(parts, { heard, device: request.body.device, by: actorOf(request).id })
        return answer(reply, done)
      },
    )
  }
}
