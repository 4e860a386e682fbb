import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import tseslint from 'typescript-eslint'

/** Which rooms a room may look into (server/README.md, “Which way the arrows point”). Everything else is refused. */
const ROOMS = [
  'broker',
  'web',
  'simulators',
  'server/contract',
  'server/domain',
  'server/flows',
  'server/journal',
  'server/store',
  'server/formats',
  'server/mqtt',
  'server/notify',
  'server/live',
  'server/http',
  'server/hydraulics',
  'server/backup',
  'server/basemap',
]
const MAY_SEE = {
  broker: [],
  web: [],
  simulators: [],
  'server/contract': [],
  'server/domain': [],
  'server/flows': ['server/domain'],
  'server/journal': ['server/domain', 'server/flows'],
  'server/store': ['server/domain', 'server/flows', 'server/journal'],
  'server/formats': ['server/domain', 'server/flows'],
  'server/mqtt': ['server/domain', 'server/flows'],
  'server/notify': ['server/domain', 'server/flows'],
  'server/live': ['server/domain', 'server/flows'],
  'server/http': ['server/domain', 'server/flows'],
  'server/hydraulics': [],
  'server/basemap': ['server/domain', 'server/flows', 'server/notify'],
  'server/backup': ['server/domain', 'server/flows', 'server/journal', 'server/store'],
}

const CONTRACT_ALONE = (outside) => ({
  group: [outside, '\\#*'],
  message: 'The contract imports nothing of ours.',
})

function fenced(room) {
  const allowed = new Set([room, ...MAY_SEE[room]])
  const closed = ROOMS.filter((other) => !allowed.has(other)).map((other) => other.split('/').at(-1))
  const patterns = closed.map((name) => ({
    group: [`../**/${name}/**`, `./**/${name}/**`, `../${name}/**`].filter((g) => !g.startsWith('./')),
    message: `${room} must not look into ${name}; see the arrows in server/README.md.`,
  }))
  if (room !== 'simulators' && room !== 'server/flows' && room !== 'server/hydraulics') {
    patterns.push({
      group: ['#hydraulics'],
      message: 'Only simulators and the composition root use hydraulics.',
    })
  }
  if (room === 'server/contract') {
    patterns.push(CONTRACT_ALONE('../*'))
  }
  return {
    files: [`${room}/**/*.ts`, `${room}/**/*.svelte`],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  }
}

const PURE = ['Date.now', 'Math.random'].map((name) => {
  const [object, property] = name.split('.')
  return { object, property, message: 'Domain is pure: time and chance arrive as arguments.' }
})

export default tseslint.config(
  { ignores: ['node_modules/**', 'web/dist/**', 'data/**', 'test/artifacts/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ...tseslint.configs.strict,
  { rules: { '@typescript-eslint/no-empty-object-type': 'off' } },
  ...svelte.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-restricted-syntax': [
        'error',
        { selector: "CallExpression[callee.property.name='setHTML']", message: 'setHTML executes markup.' },
      ],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      eqeqeq: 'error',
    },
  },
  ...ROOMS.map(fenced),
  {
    files: ['server/contract/*/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [CONTRACT_ALONE('../../*')] }] },
  },
  {
    files: ['server/domain/**/*.ts', 'server/contract/**/*.ts'],
    rules: {
      'no-restricted-properties': ['error', ...PURE],
      'no-restricted-globals': ['error', 'process', 'setTimeout', 'setInterval', 'performance', 'fetch'],
    },
  },
  {
    files: ['server/**/*.ts', 'broker/**/*.ts'],
    ignores: ['server/main.ts', 'server/cli.ts', 'server/cli/alone.ts', 'server/cli/terminal.ts'],
    rules: { 'no-restricted-globals': ['error', 'process'] },
  },
  {
    files: ['server/domain/**/*.ts', 'server/contract/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'setTimeout', 'setInterval', 'performance', 'fetch'],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: { 'svelte/no-at-html-tags': 'error', 'no-undef': 'off' },
  },
  // A pack is a table.
  { files: ['server/domain/policy/wuda.ts'], rules: { 'max-lines': 'off' } },
  { files: ['**/*.ts', '**/*.mjs'], rules: { 'no-undef': 'off' } },
  {
    files: ['**/*.config.ts', '**/*.config.js', 'web/src/**/*.svelte'],
    rules: { 'no-restricted-syntax': 'off' },
  },
)
