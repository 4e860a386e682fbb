import { createHash } from 'node:crypto'
import { completed, type Edition } from '../../domain/policy/edition.ts'
import type { PolicyPack } from '../../domain/policy/policy-pack.ts'
import type { Instant } from '../../domain/instant.ts'
import type { Rules } from '../../domain/ticket/clock.ts'

/** Every edition of the policy that was ever in force. Added, never changed. */
export interface PolicyStore {
  editions(): Promise<readonly Edition[]>
  add(edition: Edition): Promise<void>
}

function fingerprintOf(pack: PolicyPack): string {
  return createHash('sha256').update(JSON.stringify(pack)).digest('hex').slice(0, 12)
}

/**
 * The rules with their edition and all older ones, so that each ticket can be reckoned by its own. A pack
 * that was not seen before is kept from now on.
 */
export async function keepPolicy(store: PolicyStore, rules: Rules, at: Instant): Promise<Rules> {
  const { policy, calendar } = rules
  const fingerprint = fingerprintOf(policy)
  const known = await store.editions()
  // An edition was named before its clocks had names: what it says today is the same.
  const same = known.find(({ id, pack }) => id === fingerprint || fingerprintOf(pack) === fingerprint)
  const id = same?.id ?? fingerprint
  if (same === undefined) await store.add({ id, since: at, pack: policy })
  const older = known
    .filter((edition) => edition.id !== id)
    .map((edition): [string, Rules] => {
      const pack = completed(edition.pack, policy)
      return [edition.id, { policy: pack, calendar, edition: edition.id }]
    })
  return { policy, calendar, edition: id, older: new Map(older) }
}
