import { hashPassword } from '../../server/flows/access/password.ts'

/** As the server keeps passwords, at the least cost that argon2id has: the cost is part of what is kept. */
export function quickHash(password: string): Promise<string> {
  return hashPassword(password, { memory: 8, passes: 1, parallelism: 1 })
}
