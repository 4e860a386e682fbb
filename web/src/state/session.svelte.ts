import type { Role } from '#contract/vocabulary.ts'
import { ROUTES } from '#contract/routes.ts'
import { request, whenSignedOut, type Failure } from '../api/request.ts'

export interface User {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly departmentId?: string
}

/** Who is signed in. When the session ends, the page behind stays as it is and asks again in front. */
class Session {
  user = $state.raw<User | undefined>(undefined)
  /** True until the server has said who this is. */
  unknown = $state(true)
  ended = $state(false)

  constructor() {
    whenSignedOut(() => {
      if (this.user !== undefined) this.ended = true
    })
  }

  async ask(): Promise<void> {
    const answer = await request<{ user: User }>(ROUTES.session, { anonymous: true })
    if (answer.ok) this.user = answer.value.user
    this.unknown = false
  }

  async signIn(username: string, password: string): Promise<Failure | undefined> {
    const answer = await request<{ user: User }>(ROUTES.session, {
      method: 'POST',
      body: { username, password },
      anonymous: true,
    })
    if (!answer.ok) return answer
    this.user = answer.value.user
    this.ended = false
    return undefined
  }

  async signOut(): Promise<void> {
    await request(ROUTES.session, { method: 'DELETE', anonymous: true })
    this.user = undefined
    this.ended = false
  }

  has(...roles: readonly Role[]): boolean {
    return this.user?.roles.some((role) => roles.includes(role)) ?? false
  }
}

export const session = new Session()
