import { relative, sep } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Folders of test/ whose files wait for processes, browsers or the clock of a whole world. */
const LONG = ['faults', 'process', 'e2e', 'journeys', 'simulators']

/** Long files begin first, so that no worker ends up alone with one; a fresh clone knows no durations yet. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const [, folder = ''] = relative(this.ctx.config.root, moduleId).split(sep)
      return LONG.includes(folder) ? LONG.indexOf(folder) : LONG.length
    }
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}
