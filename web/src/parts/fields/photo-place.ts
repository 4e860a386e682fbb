import type { Position } from '#contract/identity.ts'

/** Where a photo says it was taken (EXIF, WGS 84), read before the picture is drawn anew without it. */
export async function photoPlace(file: File): Promise<Position | undefined> {
  if (!file.type.startsWith('image/')) return undefined
  try {
    const { gps } = await import('exifr')
    // Without a position the library gives none, whatever its types say.
    const place = (await gps(await file.arrayBuffer())) as
      Partial<Awaited<ReturnType<typeof gps>>> | undefined
    if (place?.longitude === undefined || place.latitude === undefined) return undefined
    if (!Number.isFinite(place.longitude) || !Number.isFinite(place.latitude)) return undefined
    return [place.longitude, place.latitude]
  } catch {
    return undefined // Broken or unknown data about a picture say nothing of where it was taken.
  }
}
