/** Tables of the people part. */
export interface PeopleTables {}
