import { isIP } from 'node:net'
import { createTransport } from 'nodemailer'
import type { Outcome } from '../domain/notification/outcome.ts'
import { oneLine } from '../domain/notification/tell.ts'
import type { Message, MessageChannel } from '../flows/notification/outbox.ts'
import type { ChannelScope } from '../domain/notification/reach.ts'
import { AddressRefused, type Guard } from './guard.ts'
import { codeOf } from './post-json.ts'
import { wordsOf, type Language } from './words.ts'

const TIMEOUT_MS = 10_000

export interface EmailParts {
  readonly scope: Omit<ChannelScope, 'type'>
  readonly host: string
  readonly port: number
  readonly tls: 'implicit' | 'starttls' | 'none'
  readonly username: string
  readonly password: string
  readonly from: string
  /** Always written to, beside the people of a message whose address is known. */
  readonly to: readonly string[]
  readonly guard: Guard
  readonly language: Language
}

/** E-mail over SMTP. A success is the server's 250 for at least one recipient. */
export function emailChannel(parts: EmailParts): MessageChannel {
  return {
    ...parts.scope,
    type: 'email',
    rate: { burst: 10, perMinute: 60 },
    digestBytes: 0,
    async send(message, signal) {
      const to = recipientsOf(message, parts.to)
      if (to.length === 0) return { kind: 'refused', why: 'nobody with an e-mail address' }
      try {
        const { address } = await parts.guard(parts.host)
        signal.throwIfAborted()
        return await mail(parts, { address, to, message }, signal)
      } catch (error) {
        if (error instanceof AddressRefused) return { kind: 'refused', why: error.message }
        return { kind: 'unreachable', why: codeOf(error, signal) }
      }
    },
  }
}

/** The checked address is what is connected to; the name stays what the certificate must carry. */
async function mail(
  parts: EmailParts,
  to: { readonly address: string; readonly to: readonly string[]; readonly message: Message },
  signal: AbortSignal,
): Promise<Outcome> {
  const { host, port, tls, username, password, from, language } = parts
  const transport = createTransport({
    host: to.address,
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
  const { title, lines } = wordsOf(to.message, language)
  const sending = transport.sendMail({
    from,
    to: [...to.to],
    subject: oneLine(title, 160),
    text: [title, ...lines].join('\n'),
    messageId: `<${to.message.id}@wellwatch.invalid>`,
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
