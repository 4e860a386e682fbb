export const POINT = ['id', 'name', 'network', 'address', 'zone', 'elevationM', 'managedBy'] as const
export const DATED = ['commissionedAt', 'warrantyUntil', 'underConstruction'] as const
export const PLACES = ['lon', 'lat', 'x', 'y'] as const
export const OWN = {
  source: ['holdingPressureMpa', 'supplyPressureMpa'],
  station: ['nominalFlowTh', 'heatedAreaM2', 'households'],
  well: ['depthM', 'onPipe', 'covers'],
  joint: ['onPipe'],
  valve: ['normallyOpen'],
} as const
export const PIPE = ['id', 'name', 'from', 'to', 'network', 'class', 'side', 'diameterMm', 'lengthM'] as const
export const MORE_OF_PIPE = ['roughnessMm', 'zone', 'address', ...DATED] as const
export const AREA = ['id', 'name', 'department', 'validFrom', 'validTo'] as const

export type Field =
  | (typeof POINT)[number]
  | (typeof DATED)[number]
  | (typeof PLACES)[number]
  | (typeof PIPE)[number]
  | (typeof MORE_OF_PIPE)[number]
  | (typeof AREA)[number]
  | (typeof OWN)[keyof typeof OWN][number]

/** The properties of a kind that may be put right: all but its id. */
export function correctable(kind: 'pipe' | 'source' | 'station' | 'well' | 'valve'): readonly Field[] {
  const all: readonly Field[] =
    kind === 'pipe' ? [...PIPE, ...MORE_OF_PIPE] : [...POINT, ...OWN[kind], ...DATED]
  return all.filter((field) => field !== 'id')
}
