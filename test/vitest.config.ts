import { defineConfig } from 'vitest/config'
import { LongestFirst } from './support/longest-first.ts'

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/same-chance.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // No test changes what it imports, so a worker loads the server once and not once a file.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    env: {
      // Far from the town: whoever reads the computer’s own zone gets it wrong here.
      TZ: 'America/New_York',
      // What a hundred short processes load is compiled once.
      NODE_COMPILE_CACHE: new URL('../node_modules/.cache/node', import.meta.url).pathname,
    },
    // Real servers and a browser on a shared machine: one more try there, none at the desk.
    retry: process.env.CI === undefined ? 0 : 1,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Of what is waited for, not what is measured: a browser may hold the other core meanwhile.
    expect: { poll: { timeout: 10_000 } },
  },
})
