/** A picture as whoever decodes it will see it, and the bytes that are kept of it. */
export interface CleanPicture {
  readonly width: number
  readonly height: number
  readonly parts: readonly Uint8Array[]
}
