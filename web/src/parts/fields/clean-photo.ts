const MAX_PX = 2048
const QUALITY = 0.85

/**
 * A photo drawn anew: what it shows stays, where and by whom it was taken (EXIF, GPS) does not. Other
 * files pass as they are; undefined for an image that this browser cannot read, which is not sent raw.
 */
export async function cleanPhoto(file: File): Promise<File | undefined> {
  if (!file.type.startsWith('image/')) return file
  let picture: ImageBitmap
  try {
    picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    return undefined // A format that this browser does not read.
  }
  const scale = Math.min(1, MAX_PX / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  const pen = canvas.getContext('2d')
  if (pen === null) return undefined
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY))
  if (blob === null) return undefined
  return new File([blob], file.name.replace(/\.[^.]*$/, '') + '.jpg', { type: 'image/jpeg' })
}
