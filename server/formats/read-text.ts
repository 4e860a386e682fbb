import { BadFile } from './bad-file.ts'

const NEW_LINE = 10

/** Text in UTF-8, UTF-16 with its mark, or GB18030; a file that changes its encoding is named by line. */
export function readText(bytes: Uint8Array): string {
  const utf16 = utf16Of(bytes)
  if (utf16 !== undefined) return new TextDecoder(utf16).decode(bytes)
  const utf8 = decoded('utf-8', bytes)
  if (utf8 !== undefined) return utf8
  refuseMixed(bytes)
  const chinese = decoded('gb18030', bytes)
  if (chinese !== undefined) return chinese
  throw new BadFile('编码既不是 UTF-8 也不是 GB18030', 'the text is neither UTF-8 nor GB18030')
}

function utf16Of([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined
}

function decoded(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Chinese in UTF-8 takes three bytes, the first of them E3–E9: a line of GB18030 hardly ever looks like that. */
const CHINESE_IN_UTF8 = /[\u3000-\u9fff]/

function refuseMixed(bytes: Uint8Array): void {
  const first: { utf8?: number; other?: number } = {}
  let row = 0
  for (let start = 0; start < bytes.length; row++) {
    const found = bytes.indexOf(NEW_LINE, start)
    const end = found < 0 ? bytes.length : found
    const line = bytes.subarray(start, end)
    start = end + 1
    if (line.every((byte) => byte < 0x80)) continue
    const text = decoded('utf-8', line)
    if (text === undefined) first.other ??= row + 1
    else if (CHINESE_IN_UTF8.test(text)) first.utf8 ??= row + 1
    if (first.other === undefined || first.utf8 === undefined) continue
    const wrong = Math.max(first.other, first.utf8)
    throw new BadFile(
      `第 ${wrong} 行的编码与前面不同(UTF-8 与 GB18030 混用)`,
      `line ${wrong} is in another encoding than the lines before (UTF-8 and GB18030 are mixed)`,
      wrong,
    )
  }
}
