/**
 * Changes nothing here: the readings store beside this file writes a form that earlier versions cannot
 * read, and a version that does not know this step refuses the whole data directory.
 */
export async function up(): Promise<void> {}
