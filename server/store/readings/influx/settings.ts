export interface InfluxSettings {
  readonly url: string
  readonly version: 1 | 2 | 3
  /** Version 1. */
  readonly database: string
  readonly username: string
  readonly password: string
  /** Versions 2 and 3. */
  readonly org: string
  readonly bucket: string
  readonly token: string
  readonly timeoutMs: number
}
