import type { Site } from './run.ts'
export function observeMakeup(_site: Site, _values: object, _when: object): void {}
