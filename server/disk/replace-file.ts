import { renameSync, writeFileSync } from 'node:fs'

/**
 * Replaces a small file whole: after a crash it is the old or the new one. With `flush` the new one is on
 * disk before it takes the old one's place, so that a power cut leaves no empty file.
 */
export function replaceFile(
  path: string,
  text: string,
  options: { readonly flush?: boolean; readonly mode?: number } = {},
): void {
  writeFileSync(`${path}.new`, text, options)
  renameSync(`${path}.new`, path)
}
