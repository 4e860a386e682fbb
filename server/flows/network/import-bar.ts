import { SingleBar } from 'cli-progress'

export interface ImportBar {
  progress(share: number, doing: string): void
  stop(): void
}

/** A bar on stderr while files are imported; silent where stderr is no terminal. */
export function importBar(): ImportBar {
  const bar = new SingleBar({
    format: '{doing} [{bar}] {percentage} %',
    hideCursor: true,
    clearOnComplete: true,
  })
  bar.start(100, 0, { doing: '' })
  return {
    progress: (share, doing) => {
      bar.update(Math.round(share * 100), { doing })
    },
    stop: () => {
      bar.stop()
    },
  }
}
