/** Pressure changes of the sensors that spoke, and the covariance that they have without a leak. */
export interface Evidenced {
  /** Change of each [kPa]. */
  readonly change: Float64Array
  /** Variance of each one's own [kPa²]. */
  readonly own: Float64Array
  /** Loadings of the shared factors, row by sensor. */
  readonly shared: readonly (readonly number[])[]
}

/** Λ = Σ⁻¹ = D(I − BᵀB)D with D = own^−½: products with it cost no more than the factors are many. */
export interface Precision {
  readonly size: number
  /** D·change, and B·D·change. */
  readonly white: Float64Array
  readonly along: Float64Array
  readonly scale: Float64Array
  /** B, row by factor. */
  readonly basis: readonly Float64Array[]
  /** Λ·change and the diagonal of Λ. */
  readonly weighted: Float64Array
  readonly diagonal: Float64Array
  /** changeᵀ·Λ·change. */
  readonly energy: number
}

/** Prepares Λ by the Woodbury identity. */
export function precisionOf({ change, own, shared }: Evidenced): Precision {
  const size = change.length
  const factors = shared[0]?.length ?? 0
  const scale = Float64Array.from(own, (variance) => 1 / Math.sqrt(variance))
  const white = Float64Array.from(change, (value, i) => value * (scale[i] ?? 0))
  const raw = Array.from({ length: factors }, (_, f) =>
    Float64Array.from({ length: size }, (_unused, i) => (shared[i]?.[f] ?? 0) * (scale[i] ?? 0)),
  )
  const basis = orthogonalised(raw, size)
  const along = Float64Array.from(basis, (row) => dot(row, white))
  const weighted = new Float64Array(size)
  const diagonal = new Float64Array(size)
  for (let i = 0; i < size; i += 1) {
    let [taken, share] = [0, 0]
    for (const [f, row] of basis.entries()) {
      taken += (row[i] ?? 0) * (along[f] ?? 0)
      share += (row[i] ?? 0) ** 2
    }
    weighted[i] = ((white[i] ?? 0) - taken) * (scale[i] ?? 0)
    diagonal[i] = Math.max(1 - share, 1e-6) * (scale[i] ?? 0) ** 2
  }
  const energy = Math.max(dot(white, white) - dot(along, along), 0)
  return { size, white, along, scale, basis, weighted, diagonal, energy }
}

/** Rows B with BᵀB = V(I + VᵀV)⁻¹Vᵀ: C⁻¹·V for the Cholesky factor C of I + VᵀV. */
function orthogonalised(raw: readonly Float64Array[], size: number): Float64Array[] {
  const lower: number[][] = []
  const basis: Float64Array[] = []
  for (const [a, row] of raw.entries()) {
    const line: number[] = []
    const next = Float64Array.from(row)
    for (let b = 0; b < a; b += 1) {
      const other = raw[b]
      let sum = other === undefined ? 0 : dot(row, other)
      for (let k = 0; k < b; k += 1) sum -= (line[k] ?? 0) * (lower[b]?.[k] ?? 0)
      const value = sum / (lower[b]?.[b] ?? 1)
      line.push(value)
      const before = basis[b]
      if (before === undefined) continue
      for (let i = 0; i < size; i += 1) next[i] = (next[i] ?? 0) - value * (before[i] ?? 0)
    }
    const left = 1 + dot(row, row) - line.reduce((sum, value) => sum + value * value, 0)
    const pivot = Math.sqrt(Math.max(left, 1e-12))
    line.push(pivot)
    for (let i = 0; i < size; i += 1) next[i] = (next[i] ?? 0) / pivot
    lower.push(line)
    basis.push(next)
  }
  return basis
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

/** How well one hypothesis fits: num = eᵀΛd, den = eᵀΛe, z = num/√den; the same without one sensor. */
export interface Fit {
  readonly num: number
  readonly den: number
  readonly numWithout: number
  readonly denWithout: number
}

/**
 * Fit of the pattern `effect` (change of each sensor for one unit, kPa). `without` is a sensor whose
 * reading is replaced by what the others make one expect of it; −1: none.
 */
export function fitOf(precision: Precision, effect: Float64Array, without: number): Fit {
  const { size, white, along, scale, basis, weighted, diagonal } = precision
  let [num, den] = [0, 0]
  const white1 = effect.length === size ? effect : effect.subarray(0, size)
  for (let i = 0; i < size; i += 1) {
    const e = (white1[i] ?? 0) * (scale[i] ?? 0)
    num += e * (white[i] ?? 0)
    den += e * e
  }
  let here = without < 0 ? 0 : (white1[without] ?? 0) * (scale[without] ?? 0)
  for (const [f, row] of basis.entries()) {
    let sum = 0
    for (let i = 0; i < size; i += 1) sum += (row[i] ?? 0) * (white1[i] ?? 0) * (scale[i] ?? 0)
    num -= sum * (along[f] ?? 0)
    den -= sum * sum
    if (without >= 0) here -= (row[without] ?? 0) * sum
  }
  if (without < 0) return { num, den, numWithout: num, denWithout: den }
  // (Λe)ᵢ and (Λd)ᵢ of the sensor left out; Λ without it is Λ less ΛᵢΛᵢᵀ/Λᵢᵢ.
  const lambdaE = here * (scale[without] ?? 0)
  const pivot = diagonal[without] ?? 1
  return {
    num,
    den,
    numWithout: num - (lambdaE * (weighted[without] ?? 0)) / pivot,
    denWithout: den - (lambdaE * lambdaE) / pivot,
  }
}

/** z of a fit; 0 where no sensor would notice. */
export function zOf(num: number, den: number): number {
  return den <= 1e-12 ? 0 : num / Math.sqrt(den)
}

/** z of a fault of each sensor: (Λd)ᵢ/√Λᵢᵢ. */
export function faultZ({ weighted, diagonal }: Precision, i: number): number {
  return (weighted[i] ?? 0) / Math.sqrt(diagonal[i] ?? 1)
}

/** How far a sensor is from what the others make one expect of it [kPa]. */
export function strayOf({ weighted, diagonal }: Precision, i: number): number {
  return (weighted[i] ?? 0) / (diagonal[i] ?? 1)
}
