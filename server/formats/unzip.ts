import { unzipSync, type UnzipFileInfo } from 'fflate'
import { BadFile } from './bad-file.ts'

const MAX_ENTRIES = 5000
/** Enough for 50 MB of text as XLSX or Shapefile writes it, and no more than an import may take. */
const MAX_BYTES = 320 * 1024 * 1024

/** The files of an archive, by name; one that would unpack to too much or elsewhere is refused before. */
export function unzip(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const entries: UnzipFileInfo[] = []
  unpacked(bytes, (entry) => {
    entries.push(entry)
    if (entries.length > MAX_ENTRIES) throw tooMuch()
    return false
  })
  for (const { name } of entries) {
    if (!/(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[a-z]:/i.test(name)) continue
    throw new BadFile(
      `压缩包中的路径 ${name.slice(0, 60)} 指向包外`,
      `the path ${name.slice(0, 60)} leads out of the archive`,
    )
  }
  if (entries.reduce((sum, { originalSize }) => sum + originalSize, 0) > MAX_BYTES) throw tooMuch()
  const files = unpacked(bytes, ({ name }) => !/^__MACOSX\/|\/$/.test(name))
  return new Map(Object.entries(files).map(([name, content]) => [nameOf(name), content]))
}

function tooMuch(): BadFile {
  return new BadFile('压缩包解开后过大(超过 320 MB)', 'the archive unpacks to too much (over 320 MB)')
}

function unpacked(bytes: Uint8Array, filter: (entry: UnzipFileInfo) => boolean): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, { filter })
  } catch (error) {
    if (error instanceof BadFile) throw error
    throw new BadFile('压缩包已损坏或加了密码', 'the archive is damaged or has a password')
  }
}

/** Old programs write Chinese names in GBK and do not say so; they come out as Latin-1. */
function nameOf(name: string): string {
  const codes = Array.from(name, (letter) => letter.codePointAt(0) ?? 0)
  if (!codes.some((code) => code > 0x7f) || codes.some((code) => code > 0xff)) return name
  return new TextDecoder('gb18030').decode(Uint8Array.from(codes))
}
