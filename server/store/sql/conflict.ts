const UNIQUE = 2067
const PRIMARY_KEY = 1555

/** Did SQLite refuse a row because its key is already there? */
export function isTaken(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return false
  return error.errcode === UNIQUE || error.errcode === PRIMARY_KEY
}

/** False when the key is there already: somebody else was first. */
export async function unlessTaken(insert: Promise<unknown>): Promise<boolean> {
  try {
    await insert
    return true
  } catch (error) {
    if (isTaken(error)) return false
    throw error
  }
}
