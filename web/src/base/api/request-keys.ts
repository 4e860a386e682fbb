/** The idempotency keys of one form: the same body has the same key, so that it is recorded once also where the first answer was lost. */
export function requestKeys(): (body: unknown) => string {
  const keys = new Map<string, string>()
  return (body) => {
    const sent = JSON.stringify(body)
    const key = keys.get(sent) ?? crypto.randomUUID()
    keys.set(sent, key)
    return key
  }
}
