import type { Role } from '#contract/vocabulary.ts'

/** Whoever has another role besides sits before a desk. */
export function hangs(roles: readonly Role[]): boolean {
  return roles.length > 0 && roles.every((role) => role === 'wall')
}

/** What a screen on a wall is called, `screen=东墙` in its address: who has to find it is told so. */
export function screenName(search: string): string | undefined {
  const name = new URLSearchParams(search).get('screen')?.trim().slice(0, 40)
  return name === '' ? undefined : name
}

/** The address has the last word: `wall=1` for any account, `wall=0` for a wall's that wants the desk. */
export function isWall(search: string, hanging: boolean): boolean {
  const asked = new URLSearchParams(search).get('wall')
  return asked === '1' || (hanging && asked !== '0')
}
