import { randomInt, timingSafeEqual } from 'node:crypto'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import type { Instant } from '../../domain/instant.ts'
import { createAttempts, FREE_TRIES_OF_PEOPLE } from './attempts.ts'
import { createPerson, type PeopleStore } from './people.ts'
import { digest } from './sign-in.ts'

/** Without letters and digits that look alike on a terminal; 12 of them are 58 bits. */
const LETTERS = 'ABCDEFGHJKMNPQRTUVWXYZ2346789'
const GROUPS = 3
const GROUP_LENGTH = 4

/** All ask in one name, of which the count would let a stranger keep the owner out; the code is too long to be guessed from many addresses. */
const FREE_TRIES = { ...FREE_TRIES_OF_PEOPLE, ofName: Infinity }
const ASKER = 'setup'

const DONE = refuse('conflict', {
  zh: '已经有账号了,请登录;忘记密码时在服务器上用 npm run users -- add 重设',
  en: 'there is an account already: sign in, or set its password anew on the server with npm run users -- add',
})
const WRONG_CODE = refuse('wrong-credentials', {
  zh: '一次性代码不正确: 以服务器最近一次启动时显示的为准',
  en: 'the one-time code is wrong: the one that counts was shown when the server last started',
})
const WAIT = refuse('too-many-requests', {
  zh: '尝试次数过多,请稍后再试',
  en: 'too many attempts; try again in a while',
})

interface FirstAdministratorRequest {
  readonly code: string
  readonly username: string
  readonly password: string
  readonly ip: string
}

/** Lets whoever sees the server's terminal make the administrator of an installation that never had anybody. */
export interface FirstAdministrator {
  /** Shown once the server listens, and kept nowhere: every start has another. */
  readonly code: string
  isAwaited(): Promise<boolean>
  make(request: FirstAdministratorRequest, at: Instant): Promise<Person | Refusal>
}

export function createFirstAdministrator(
  store: Pick<PeopleStore, 'hasHadPeople' | 'saveFirst'>,
  code = newCode(),
): FirstAdministrator {
  const attempts = createAttempts(FREE_TRIES)
  const right = Buffer.from(digest(plain(code)))
  let isOver = false

  async function isAwaited(): Promise<boolean> {
    // Nobody who was there is ever removed, so the database is not asked again.
    isOver ||= await store.hasHadPeople()
    return !isOver
  }

  return {
    code,
    isAwaited,
    async make({ code: given, username, password, ip }, at) {
      if (!(await isAwaited())) return DONE
      const attempt = { name: ASKER, address: ip }
      if (attempts.waitMs(attempt, at) > 0) return WAIT
      // Of digests, so that neither length nor beginning of the code can be timed.
      if (!timingSafeEqual(Buffer.from(digest(plain(given))), right)) {
        attempts.failed(attempt, at)
        return WRONG_CODE
      }
      const made = await createPerson({ id: username, name: username, roles: ['admin'], password }, new Set())
      if (isRefusal(made)) return made
      return (await store.saveFirst(made.person, made.passwordHash, at)) ? made.person : DONE
    },
  }
}

function newCode(): string {
  const letter = (): string => LETTERS[randomInt(LETTERS.length)] ?? ''
  const group = (): string => Array.from({ length: GROUP_LENGTH }, letter).join('')
  return Array.from({ length: GROUPS }, group).join('-')
}

/** As it is meant, however it is typed. */
function plain(code: string): string {
  return code.toUpperCase().replaceAll(/[\s-]/g, '')
}
