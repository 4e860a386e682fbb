import { isIP } from 'node:net'
import { createTransport } from 'nodemailer'
import Type, { type Static, type TObject } from 'typebox'
import type { Outcome } from '../domain/notification/outcome.ts'
import { oneLine } from '../domain/notification/tell.ts'
import type { Message } from '../flows/notification/outbox.ts'
import { toPeople } from './channel-kind.ts'
import { AddressRefused } from './guard.ts'
import { codeOf } from './post.ts'
import { Secret } from './setting-types.ts'
import { wordsOf } from './words.ts'

const TIMEOUT_MS = 10_000

const Address = Type.String({ pattern: '^[^\\s@<>]+@[^\\s@<>]+$', maxLength: 254 })
const settings = {
  host: Type.String({ minLength: 1, maxLength: 253 }),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  tls: Type.Enum(['implicit', 'starttls', 'none']),
  username: Type.Optional(Type.String()),
  password: Type.Optional(Secret),
  from: Address,
  to: Type.Optional(
    Type.Array(Address, { description: 'always written to, beside the people whose address is known' }),
  ),
}
type Server = Static<TObject<typeof settings>>

/** E-mail over SMTP. A success is the server's 250 for at least one recipient. */
export const email = toPeople({
  type: 'email',
  name: { zh: '邮件', en: 'E-mail' },
  settings,
  create: (server, { guard, language }) => ({
    rate: { burst: 10, perMinute: 60 },
    digestBytes: 0,
    async send(message, signal) {
      const to = recipientsOf(message, server.to ?? [])
      if (to.length === 0) return { kind: 'refused', why: 'nobody with an e-mail address' }
      try {
        const { address } = await guard(server.host)
        signal.throwIfAborted()
        return await mail(server, { address, to, id: message.id, ...wordsOf(message, language) }, signal)
      } catch (error) {
        if (error instanceof AddressRefused) return { kind: 'refused', why: error.message }
        return { kind: 'unreachable', why: codeOf(error, signal) }
      }
    },
  }),
})

/** The checked address is what is connected to; the name stays what the certificate must carry. */
async function mail(
  { host, port, tls, username = '', password = '', from }: Server,
  letter: ReturnType<typeof wordsOf> & {
    readonly address: string
    readonly to: readonly string[]
    readonly id: string
  },
  signal: AbortSignal,
): Promise<Outcome> {
  const transport = createTransport({
    host: letter.address,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(isIP(host) === 0 ? { tls: { servername: host } } : {}),
    ...(username === '' ? {} : { auth: { user: username, pass: password } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const sending = transport.sendMail({
    from,
    to: [...letter.to],
    subject: oneLine(letter.title, 160),
    text: [letter.title, ...letter.lines].join('\n'),
    messageId: `<${letter.id}@wellwatch.invalid>`,
  })
  try {
    const { accepted } = await Promise.race([sending, aborted(signal)])
    return accepted.length > 0 ? { kind: 'sent' } : { kind: 'refused', why: 'no recipient accepted' }
  } catch (error) {
    sending.catch(() => undefined)
    return smtpOutcome(error, signal)
  } finally {
    transport.close()
  }
}

/** 4xx may be tried again, 5xx and a refused sign-in may not; without a code nobody answered. */
function smtpOutcome(error: unknown, signal: AbortSignal): Outcome {
  const status =
    typeof error === 'object' && error !== null && 'responseCode' in error ? error.responseCode : undefined
  if (typeof status !== 'number') return { kind: 'unreachable', why: codeOf(error, signal) }
  const why = `SMTP ${String(status)}`
  return status >= 500 ? { kind: 'refused', why } : { kind: 'failed', why }
}

function recipientsOf({ people }: Message, always: readonly string[]): readonly string[] {
  return [...new Set([...always, ...people.flatMap(({ email }) => (email === undefined ? [] : [email]))])]
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = () => {
      reject(new Error('aborted'))
    }
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
  })
}
