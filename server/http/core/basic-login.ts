/** RFC 7617; undefined when it is no Basic authorization. */
export function basicLogin(header: string | undefined): { name: string; secret: string } | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const login = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = login.indexOf(':')
  return colon < 0 ? undefined : { name: login.slice(0, colon), secret: login.slice(colon + 1) }
}
