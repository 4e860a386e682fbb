interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>
}
type DetectorClass = new (options: { readonly formats: readonly string[] }) => Detector

/** The browser's own reader of codes (Shape Detection API); most phones have it, most desks do not. */
const reader = (): DetectorClass | undefined =>
  (globalThis as { readonly BarcodeDetector?: DetectorClass }).BarcodeDetector

/** Can this browser read a code by itself? Where it cannot, the phone's camera app opens the page. */
export function canScan(): boolean {
  return reader() !== undefined && 'mediaDevices' in navigator
}

const PAUSE_MS = 200

/** Shows the rear camera in `video` and tells each code that it sees, until stopped. */
export async function watchForCode(
  video: HTMLVideoElement,
  signal: AbortSignal,
  onCode: (text: string) => void,
): Promise<void> {
  const Reader = reader()
  if (Reader === undefined) throw new Error('this browser reads no codes')
  const camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
  const off = (): void => camera.getTracks().forEach((track) => track.stop())
  if (signal.aborted) return off()
  signal.addEventListener('abort', off, { once: true })
  video.srcObject = camera
  await video.play()
  const detector = new Reader({ formats: ['qr_code'] })
  while (!signal.aborted) {
    const [code] = await detector.detect(video).catch(() => [])
    if (signal.aborted) return
    if (code !== undefined) onCode(code.rawValue)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}
