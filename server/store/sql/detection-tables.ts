/** Tables of the detection part. */
export interface DetectionTables {}
