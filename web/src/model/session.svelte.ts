import type { Role } from '#contract/vocabulary.ts'
import { ROUTES } from '#contract/routes.ts'
import { request, whenSignedOut, type Failure } from '../base/api/request.ts'
import { remember, remembered } from './memory.ts'
import { viewport } from './viewport.svelte.ts'

const LAST = 'user'

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
  /** Somebody wants to go on: a change was refused, or somebody said so. */
  asked = $state(false)

  constructor() {
    whenSignedOut((wanted) => {
      if (this.user === undefined) return
      if (wanted) this.asked = true
      this.ended = true
    })
  }

  async ask(): Promise<void> {
    const answer = await request<{ user: User }>(ROUTES.session, { anonymous: true })
    if (answer.ok) this.#take(answer.value.user)
    // Nobody answers: a phone at a well goes on in the name in which it was used last.
    else if (answer.status === 0 && viewport.narrow) this.#be(lastUser())
    this.unknown = false
  }

  #take(user: User): void {
    this.#be(user)
    remember(LAST, JSON.stringify(user))
  }

  #be(user: User | undefined): void {
    this.user = user
    viewport.usedBy(user?.roles ?? [])
  }

  signIn(username: string, password: string): Promise<Failure | undefined> {
    return this.#enter(ROUTES.session, { username, password })
  }

  /** The first account of an installation, signed in. */
  setUp(account: { code: string; username: string; password: string }): Promise<Failure | undefined> {
    return this.#enter(ROUTES.setup, account)
  }

  async #enter(path: string, body: object): Promise<Failure | undefined> {
    const answer = await request<{ user: User }>(path, { method: 'POST', body, anonymous: true })
    if (!answer.ok) return answer
    this.#take(answer.value.user)
    this.ended = false
    this.asked = false
    return undefined
  }

  async signOut(): Promise<void> {
    await request(ROUTES.session, { method: 'DELETE', anonymous: true })
    this.#be(undefined)
    this.ended = false
    this.asked = false
    remember(LAST, undefined)
    for (const forget of whenLeft) await forget()
  }

  has(...roles: readonly Role[]): boolean {
    return this.user?.roles.some((role) => roles.includes(role)) ?? false
  }
}

function lastUser(): User | undefined {
  try {
    return JSON.parse(remembered(LAST) ?? 'null') ?? undefined
  } catch {
    return undefined // Not ours, or of an older page.
  }
}

const whenLeft: (() => Promise<void>)[] = []

/** What a screen keeps in somebody's name goes when they sign out. */
export function onSignOut(forget: () => Promise<void>): void {
  whenLeft.push(forget)
}

export const session = new Session()
