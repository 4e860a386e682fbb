import { argon2Sync, randomBytes } from 'node:crypto'

const COST = { memory: 8, passes: 1, parallelism: 1 } as const

/** As the server keeps passwords, at the least cost that argon2id has: the cost is part of what is kept. */
export async function quickHash(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = argon2Sync('argon2id', { message: password, nonce, ...COST, tagLength: 32 })
  return ['argon2id', ...Object.values(COST), nonce.toString('base64url'), tag.toString('base64url')].join(
    '$',
  )
}
