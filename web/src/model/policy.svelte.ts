import { ROUTES } from '#contract/routes.ts'
import { clauseText } from '../base/i18n/clause.ts'
import type { Language } from '../base/i18n/dictionary.ts'
import { request } from '../base/api/request.ts'
import type { PolicyView } from './policy-pack.ts'

/** The policy in force; read once, when something first asks for it. */
class KnownPolicy {
  pack = $state.raw<PolicyView | undefined>(undefined)
  #asked = false

  load(): void {
    if (this.#asked) return
    this.#asked = true
    void request<PolicyView>(ROUTES.policy).then((answer) => {
      if (answer.ok) this.pack = answer.value
      else this.#asked = false
    })
  }

  /** How the policy prints the clause of a duty; empty until the policy is known. */
  clause(key: string, language: Language): string {
    return clauseText(this.pack?.clauses[key] ?? '', language)
  }
}

export const policy = new KnownPolicy()
