/** A file of recorded readings that can be read from its beginning more than once. */
export interface ReadingsFile {
  readonly bytes: number
  open(): AsyncIterable<string>
}

/** A line may be so long; what is longer is cut and so becomes a bad line. */
const MAX_LINE = 10_000

export interface LineVisit {
  header(line: string): void
  /** Every other line that is not empty, with its number in the file, from 1. */
  line(line: string, number: number): void
  /** Characters read since the last call. */
  progress?(characters: number): void
}

/** Goes through a file line by line: line ends of any system, with or without a byte order mark. */
export async function visitLines(file: ReadingsFile, visit: LineVisit): Promise<void> {
  let rest = ''
  let number = 0
  const see = (text: string): void => {
    number += 1
    const line = text.endsWith('\r') ? text.slice(0, -1) : text
    if (number === 1) visit.header(line.replace(/^\uFEFF/, ''))
    else if (line !== '' && line.trim() !== '') visit.line(line, number)
  }
  for await (const chunk of file.open()) {
    const lines = (rest + chunk).split('\n')
    rest = (lines.pop() ?? '').slice(0, MAX_LINE)
    for (const line of lines) see(line)
    visit.progress?.(chunk.length)
  }
  if (rest !== '') see(rest)
}
