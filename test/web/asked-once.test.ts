import { expect, it, vi } from 'vitest'
import { askedOnce } from '../../web/src/parts/underlay/memo-last.ts'

it('what failed once is asked for again, and what came is kept until another is wanted', async () => {
  let answers = false
  const ask = vi.fn((theme: string) => Promise.resolve(answers ? { theme } : undefined))
  const asked = askedOnce(ask)
  expect(await Promise.all([asked('dark'), asked('dark')])).toEqual([undefined, undefined])
  expect(ask).toHaveBeenCalledTimes(1)
  answers = true
  const came = await asked('dark')
  expect(came).toEqual({ theme: 'dark' })
  expect(await asked('dark')).toBe(came)
  expect(await asked('light')).toEqual({ theme: 'light' })
  expect(ask).toHaveBeenCalledTimes(3)
})
