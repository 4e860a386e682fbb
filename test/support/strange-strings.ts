/**
 * What somebody may type, paste or send where a name, an id, an instant or a kind is asked for. None of them
 * is long: lengths have tests of their own.
 */

const code = (...points: readonly number[]): string => String.fromCodePoint(...points)

/** There is nothing to see. */
const BLANK = [
  '\t',
  '\v',
  '\f',
  '\u0085',
  ...[0xa0, 0xad, 0x034f, 0x061c, 0x115f, 0x1160, 0x1680, 0x17b4, 0x180e].map((point) => code(point)),
  ...[0x2000, 0x2007, 0x200c, 0x200d, 0x200e, 0x2028, 0x2029, 0x202f, 0x205f].map((point) => code(point)),
  ...[0x2061, 0x2064, 0x206a, 0x2800, 0x3164, 0xfe0f, 0xfff9, 0xfffc].map((point) => code(point)),
  ...[0x1d173, 0xe0001, 0xe0061, 0xe0100, 0xffa0].map((point) => code(point)),
]

/** They read as another than they are, or break what is written around them. */
const TRICKS = [
  '张\u202e三',
  '\u2067admin\u2069',
  '张\u200d三',
  '\u200bw1',
  'w1\u2060',
  'w1\ufeff',
  'wa\u00adlve',
  'admin\u0000',
  'admin\u0008',
  'admin\u007f',
  '\u009bm张三',
  '\u001b]0;x\u0007',
  '张三\r\nSet-Cookie: a=b',
  '张三\u2028李四',
  '\udc00\ud800',
  '\ud83d',
  'e\u0301',
  `a${'\u0301'.repeat(40)}`,
  'аdmin',
  'ａｄｍｉｎ',
  'ADMİN',
  'ﬁlter',
  'admin ',
  ' admin',
  'Admin',
  'ẛ̣',
  '👨\u200d👩\u200d👧',
  '🇨🇳',
  '﷽',
  'مرحبا',
  '\ue000',
  '\uffff',
  code(0x10ffff),
]

/** Words of languages that a server, a table, a shell or a page might run. */
const COMMANDS = [
  "' OR '1'='1",
  "x'); DROP TABLE tickets; --",
  '" , ""',
  '`id`',
  '$(id)',
  '; shutdown',
  '|cat /etc/passwd',
  '${jndi:ldap://x/a}',
  '{{constructor.constructor}}',
  '<%= 7*7 %>',
  '#{7*7}',
  '</script><svg onload=alert(1)>',
  'javascript:alert(1)',
  'data:text/html,x',
  'file:///etc/passwd',
  'http://169.254.169.254/',
  '=HYPERLINK("http://x")',
  '@SUM(1+1)',
  '+1+cmd|x',
  '-1+1',
  '%s%n%x',
  '(a+)+$',
  '[',
  '*',
  '\\',
  'well,asset=x value=1',
  'dh/v1/+/telemetry',
  '#',
  '$SYS/x',
]

/** Places of files, and names that a system or a language keeps for itself. */
const PLACES = [
  '.',
  '..',
  '../../etc/passwd',
  '..\\..\\x',
  '%2e%2e%2f',
  '%00',
  '%',
  '%zz',
  'CON',
  'nul.txt',
  '/dev/stdin',
  '-rf',
  '--help',
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'toJSON',
  'then',
  'length',
  '__defineGetter__',
]

/** Who acts without being a person, and how somebody might come near them. */
export const RESERVED_IDS = ['local', 'schedule', 'detector', 'unknown', 'import', 'secrets', 'call-centre']
const NEAR_RESERVED = ['Local', 'LOCAL', 'ｌocal', 'loсal', 'local\u200b', 'local ', 'call_centre\u0000']

/** Texts that a parser may take for something else. */
const NOTHINGS = [
  'null',
  'undefined',
  'NaN',
  'Infinity',
  '-0',
  '0x1F',
  '1e309',
  '1_000',
  '٣',
  '９９',
  'true',
  '[]',
]

/** Instants and dates that are none, or that no calendar of a town has. */
const TIMES = [
  '0000-00-00',
  '-000001-01-01T00:00:00Z',
  '+010000-01-01T00:00:00Z',
  '10000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '1582-10-10T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-00-10T00:00:00Z',
  '2026-02-29T00:00:00+08:00',
  '2026-06-31T00:00:00+08:00',
  '2026-01-15T24:00:01+08:00',
  '2026-01-15T23:59:60+08:00',
  '2026-01-15T22:50:00+24:00',
  '2026-01-15T22:50:00-99:99',
  '2026-01-15T22:50:00',
  '2026-01-15 22:50',
  '2026-W03-4',
  '2026-015',
  '２０２６-01-15T00:00:00Z',
  '1768488600000',
  'now',
  'P1D',
]

/** Kinds and states that one route knows and another must not take from a body. */
const KINDS = [
  'shelve',
  'merge',
  'split',
  'refusal',
  'closed',
  'drill',
  'exercise',
  'COVER',
  'cover ',
  'works',
]

export const STRANGE_STRINGS: readonly string[] = [
  ...[...BLANK, ...TRICKS, ...COMMANDS, ...PLACES],
  ...[...RESERVED_IDS, ...NEAR_RESERVED, ...NOTHINGS, ...TIMES, ...KINDS],
]
