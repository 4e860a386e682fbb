import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const argon2Hash = promisify(argon2)
/**
 * Checks at a time. They run in Node's four threads beside the journal's fdatasync, which a flood of
 * sign-ins must not hold up.
 */
const AT_ONCE = 2
const waiting: (() => void)[] = []
let running = 0

async function derive(...asked: Parameters<typeof argon2Hash>): Promise<Buffer> {
  if (running >= AT_ONCE) await new Promise<void>((turn) => waiting.push(turn))
  else running += 1
  try {
    return await argon2Hash(...asked)
  } finally {
    const next = waiting.shift()
    if (next === undefined) running -= 1
    else next()
  }
}

interface Cost {
  /** KiB. */
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}
/** OWASP's second recommended setting for argon2id: 19 MiB, 2 passes, 1 lane. */
const COST: Cost = { memory: 19 * 1024, passes: 2, parallelism: 1 }
const TAG_LENGTH = 32

/** `argon2id$memory$passes$parallelism$salt$tag`, base64url. */
export async function hashPassword(password: string, cost = COST): Promise<string> {
  const salt = randomBytes(16)
  const tag = await derive('argon2id', { message: password, nonce: salt, ...cost, tagLength: TAG_LENGTH })
  return written(cost, salt, tag)
}

/** A hash that no password is known to give; to check against it takes as long as against a true one. */
export function hashOfNothing(): string {
  return written(COST, randomBytes(16), randomBytes(TAG_LENGTH))
}

function written({ memory, passes, parallelism }: Cost, salt: Buffer, tag: Buffer): string {
  const how = ['argon2id', memory, passes, parallelism]
  return [...how, salt.toString('base64url'), tag.toString('base64url')].join('$')
}

export async function passwordMatches(password: string, stored: string): Promise<boolean> {
  const [algorithm, memory, passes, parallelism, salt, tag] = stored.split('$')
  if (algorithm !== 'argon2id' || salt === undefined || tag === undefined) return false
  const expected = Buffer.from(tag, 'base64url')
  const actual = await derive('argon2id', {
    message: password,
    nonce: Buffer.from(salt, 'base64url'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  })
  return actual.length === expected.length && timingSafeEqual(actual, expected)
}
