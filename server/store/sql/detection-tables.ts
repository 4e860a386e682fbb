/** Tables of the detection part. */
export interface DetectionTables {
  detection_part: DetectionPartTable
  detection_checkpoint: DetectionCheckpointTable
  detection_tick: DetectionTickTable
}

/** A part of the detector's state; of one name the newest generation up to the checkpoint's holds. */
interface DetectionPartTable {
  name: string
  generation: number
  body: string
}

/** One row. */
interface DetectionCheckpointTable {
  id: number
  generation: number
  cursor: number
  alive_at: number
}

interface DetectionTickTable {
  at: number
  cursor: number
}
