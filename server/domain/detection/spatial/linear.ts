/** Solves a symmetric positive definite system given by its lower triangle (Cholesky). */
export function solveSymmetric(lower: Float64Array, right: Float64Array, size: number): number[] {
  const at = (a: number, b: number): number => lower[a * size + b] ?? 0
  choleskyInPlace(lower, size)
  const solution = Array.from(right)
  for (let a = 0; a < size; a += 1) {
    let sum = solution[a] ?? 0
    for (let k = 0; k < a; k += 1) sum -= at(a, k) * (solution[k] ?? 0)
    solution[a] = sum / at(a, a)
  }
  for (let a = size - 1; a >= 0; a -= 1) {
    let sum = solution[a] ?? 0
    for (let k = a + 1; k < size; k += 1) sum -= at(k, a) * (solution[k] ?? 0)
    solution[a] = sum / at(a, a)
  }
  return solution
}

const ROUNDS = 30

/** Largest principal components by subspace iteration, always from the same start. */
export function principal(
  rows: readonly Float64Array[],
  hours: number,
  count: number,
): readonly { readonly vector: Float64Array; readonly variance: number }[] {
  if (count <= 0 || hours === 0) return []
  const size = rows.length
  const basis: Float64Array[] = Array.from({ length: count }, (_, c) =>
    Float64Array.from({ length: size }, (_unused, i) => Math.cos((c + 1) * (i + 0.5) * 2.399963)),
  )
  const variances = new Float64Array(count)
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [c, vector] of basis.entries()) {
      const next = covarianceTimes(rows, hours, vector)
      for (const before of basis.slice(0, c)) subtractProjection(next, before)
      variances[c] = normalise(next)
      basis[c] = next
    }
  }
  return basis.map((vector, c) => ({ vector, variance: variances[c] ?? 0 }))
}

function covarianceTimes(rows: readonly Float64Array[], hours: number, vector: Float64Array): Float64Array {
  const scores = new Float64Array(hours)
  for (const [i, row] of rows.entries()) {
    const weight = vector[i] ?? 0
    for (let h = 0; h < hours; h += 1) scores[h] = (scores[h] ?? 0) + weight * (row[h] ?? 0)
  }
  return Float64Array.from(rows, (row) => {
    let sum = 0
    for (let h = 0; h < hours; h += 1) sum += (row[h] ?? 0) * (scores[h] ?? 0)
    return sum / hours
  })
}

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  let along = 0
  for (let i = 0; i < vector.length; i += 1) along += (vector[i] ?? 0) * (unit[i] ?? 0)
  for (let i = 0; i < vector.length; i += 1) vector[i] = (vector[i] ?? 0) - along * (unit[i] ?? 0)
}

/** Makes the vector one long; gives the length that it had. */
function normalise(vector: Float64Array): number {
  let sum = 0
  for (const value of vector) sum += value * value
  const length = Math.sqrt(sum)
  if (length > 0) for (let i = 0; i < vector.length; i += 1) vector[i] = (vector[i] ?? 0) / length
  return length
}

/** Replaces the lower triangle of a symmetric positive definite matrix by its Cholesky factor. */
export function choleskyInPlace(lower: Float64Array, size: number): void {
  const at = (a: number, b: number): number => lower[a * size + b] ?? 0
  for (let a = 0; a < size; a += 1) {
    for (let b = 0; b <= a; b += 1) {
      let sum = at(a, b)
      for (let k = 0; k < b; k += 1) sum -= at(a, k) * at(b, k)
      lower[a * size + b] = a === b ? Math.sqrt(Math.max(sum, 1e-12)) : sum / at(b, b)
    }
  }
}
