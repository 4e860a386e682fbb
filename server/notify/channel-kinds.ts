import { dingtalk } from './dingtalk.ts'
import { email } from './email.ts'
import { feishu } from './feishu.ts'
import { sms } from './sms.ts'
import { webhook } from './webhook.ts'
import { wecom } from './wecom.ts'

/** Every kind of channel; the settings, the page's words and the masking of secrets come from here. */
export const CHANNEL_KINDS = [wecom, dingtalk, feishu, email, sms, webhook] as const
