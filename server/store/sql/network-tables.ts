/** Tables of the network part. */
export interface NetworkTables {
  network_version: NetworkVersionTable
  department: DepartmentTable
  network_mapping: NetworkMappingTable
}

/** How columns of delivered files were matched, by name. */
interface NetworkMappingTable {
  name: string
  /** JSON, a `NetworkMapping`. */
  mapping: string
  saved_at: number
  saved_by: string
}

/** Every import, kept for ever: responsibility can be asked as of any past instant. */
interface NetworkVersionTable {
  version: number
  imported_at: number
  imported_by: string
  /** JSON {added, changed, removed}, numbers of assets. */
  summary: string
  /** The whole network file from then on, JSON compressed with zstd. */
  packed: Uint8Array
}

/** Departments of all versions; none is ever deleted, since tickets and people refer to them. */
interface DepartmentTable {
  id: string
  name: string
}
