/** Tables of the network part. */
export interface NetworkTables {}
