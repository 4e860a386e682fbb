/** The first bytes of whatever a stranger sent, safe to show, log and keep. */
export function printable(said: string | Uint8Array, most: number): string {
  const bytes =
    typeof said === 'string' ? Buffer.from(said.slice(0, most)) : Buffer.from(said.subarray(0, most))
  return bytes.toString('latin1').replaceAll(/[^ -~]/g, escaped)
}

function escaped(byte: string): string {
  return `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`
}
