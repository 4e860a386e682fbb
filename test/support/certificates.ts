import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Made {
  readonly cert: string
  readonly key: string
}

export interface CertificateMaker {
  /** A certificate of that name, signed by one made before or by itself. */
  make(name: string, signer?: string, times?: readonly string[]): Made
  remove(): void
}

/** Valid a while ago, as OpenSSL takes it. */
export const BRIEF = ['-days', '2']
export const EXPIRED = ['-not_before', '20200101000000Z', '-not_after', '20200102000000Z']
const VALID = ['-days', '30']

/** A certificate authority of the test's own. */
export function certificateMaker(): CertificateMaker {
  const directory = mkdtempSync(join(tmpdir(), 'wellwatch-tls-'))
  const file = (name: string, ending: string) => join(directory, `${name}.${ending}`)
  return {
    make(name, signer, times = VALID) {
      const signing = signer === undefined ? [] : ['-CA', file(signer, 'crt'), '-CAkey', file(signer, 'key')]
      const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1']
      const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
      const out = ['-keyout', file(name, 'key'), '-out', file(name, 'crt')]
      execFileSync('openssl', ['req', '-x509', ...curve, ...subject, ...times, ...out, ...signing], {
        stdio: 'ignore',
      })
      return { cert: readFileSync(file(name, 'crt'), 'utf8'), key: readFileSync(file(name, 'key'), 'utf8') }
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}
