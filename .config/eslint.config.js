import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import tseslint from 'typescript-eslint'

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
