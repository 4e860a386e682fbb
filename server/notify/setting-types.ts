import Type from 'typebox'
import { SECRET_PATTERN } from './sign-webhook.ts'

/** An address that carries the key of a robot or of a path that only few know, thus a secret itself. */
const SecretUrl = Type.String({
  pattern: '^https?://[^\\s]+$',
  maxLength: 2000,
  description: 'http(s)://…',
  writeOnly: true,
})
export const Secret = Type.String({
  maxLength: 500,
  description: 'a secret, best by secret_file',
  writeOnly: true,
})
const WebhookSecret = Type.String({
  pattern: SECRET_PATTERN.source,
  description: 'whsec_ and 24 to 64 bytes in base64',
  writeOnly: true,
})

/** A group robot's. */
export const robotSettings = { url: SecretUrl, secret: Type.Optional(Secret) }
/** Of a signed webhook; two secrets while one takes the other's place. */
export const signedSettings = {
  url: SecretUrl,
  secret: WebhookSecret,
  previousSecret: Type.Optional(WebhookSecret),
}
