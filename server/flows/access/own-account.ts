import { refuse, type Refusal } from '#contract/problem.ts'
import type { Instant } from '../../domain/instant.ts'
import { createAttempts, FREE_TRIES_OF_PEOPLE } from './attempts.ts'
import { hashPassword, passwordMatches } from './password.ts'
import { refusePassword, type PeopleStore } from './people.ts'
import { digest } from './sign-in.ts'

const WRONG = refuse('bad-value', { zh: '当前密码不正确', en: 'the current password is wrong' })
const SAME = refuse('bad-value', { zh: '新密码与当前密码相同', en: 'the new password is the current one' })
const WAIT = refuse('too-many-requests', {
  zh: '尝试次数过多,请稍后再试',
  en: 'too many attempts; try again in a while',
})
const NO_PASSWORD = refuse('not-your-right', {
  zh: '密钥没有密码,不能修改',
  en: 'a key has no password that could be changed',
})
const CHANGED = refuse('conflict', {
  zh: '账号刚被他人修改,请重新登录',
  en: 'the account was just changed by somebody else: sign in again',
})

interface Who {
  readonly id: string
  /** Of the session that asks. */
  readonly token: string
}
interface OwnSession {
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly current: boolean
}
interface PasswordChange extends Who {
  readonly ip: string
  readonly current: string
  readonly next: string
}

export interface OwnAccount {
  /** Undefined once it is done; all other sessions of the person have ended then. */
  changePassword(change: PasswordChange, at: Instant): Promise<Refusal | undefined>
  /** Newest first. */
  sessions(who: Who, at: Instant): Promise<readonly OwnSession[]>
  endOtherSessions(who: Who): Promise<void>
}

export function createOwnAccount(store: PeopleStore): OwnAccount {
  // Who finds a session left open must not find the password by it.
  const attempts = createAttempts(FREE_TRIES_OF_PEOPLE)
  const busy = new Set<string>()

  async function change({ id, token, ip, current, next }: PasswordChange, at: Instant) {
    const attempt = { name: id, address: ip }
    if (attempts.waitMs(attempt, at) > 0) return WAIT
    const found = await store.find(id)
    if (found === undefined) return NO_PASSWORD
    if (!(await passwordMatches(current, found.passwordHash))) {
      attempts.failed(attempt, at)
      return WRONG
    }
    attempts.succeeded(attempt)
    const refused = next === current ? SAME : refusePassword(next)
    if (refused !== undefined) return refused
    const passwordHash = await hashPassword(next)
    const done = await store.changePassword(id, {
      from: found.passwordHash,
      to: passwordHash,
      keepSession: digest(token),
    })
    return done ? undefined : CHANGED
  }

  return {
    async changePassword(asked, at) {
      // One at a time, so that each guess is judged by those before.
      if (busy.has(asked.id)) return WAIT
      busy.add(asked.id)
      try {
        return await change(asked, at)
      } finally {
        busy.delete(asked.id)
      }
    },
    async sessions({ id, token }, at) {
      const own = digest(token)
      return (await store.sessionsOf(id, at)).map(({ tokenHash, ...times }) => ({
        ...times,
        current: tokenHash === own,
      }))
    },
    endOtherSessions: ({ id, token }) => store.closeOtherSessions(id, digest(token)),
  }
}
