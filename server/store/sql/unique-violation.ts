const UNIQUE = 2067
const PRIMARY_KEY = 1555

/** True when SQLite refused a row because its key is already there. */
export function isUniqueViolation(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return false
  return error.errcode === UNIQUE || error.errcode === PRIMARY_KEY
}

/** Returns false when the key is already there. */
export async function insertedUnlessTaken(insert: Promise<unknown>): Promise<boolean> {
  try {
    await insert
    return true
  } catch (error) {
    if (isUniqueViolation(error)) return false
    throw error
  }
}
