import { afterAll, describe, expect, it } from 'vitest'
import { startTranslator } from '../../server/profiles/translation-thread.ts'

const translator = startTranslator({ jobMs: 400 })
afterAll(() => translator.close())

const run = (expression: string, body: unknown = {}, encoding: 'json' | 'text' | 'hex' = 'json') =>
  translator.translate(
    { encoding, expression },
    {
      topic: 'a/b',
      bytes: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      receivedAt: 1_700_000_000_000,
    },
  )
const refused = (en: RegExp) => ({
  kind: 'not-understood',
  said: { en: expect.stringMatching(en) as string },
})
const GOOD = '{"alias": "name:" & body.id, "ts": receivedAt, "values": {"tilt": body.t}}'

describe('expressions in their thread', () => {
  it('keep the order of their messages', async () => {
    const ids = Array.from({ length: 600 }, (_, index) => index)
    const all = await Promise.all(ids.map((id) => run(GOOD, { id, t: id })))
    expect(all.map((one) => one.kind === 'understood' && one.messages[0]?.alias)).toEqual(
      ids.map((id) => `name:${String(id)}`),
    )
  })

  it('are refused in one sentence where they loop, recurse or give too much, and others go on', async () => {
    const bad = await Promise.all([
      run('($f := function($n) { $f($n + 1) }; $f(0))'),
      run('($f := function($n) { 1 + $f($n + 1) }; $f(0))'),
      run('[1..5000000]'),
      run('{"alias": "name:x", "values": {"a": 1}, "more": $pad("", 10485760, "x")}'),
      run('$map([1..1001], function($n) {{"alias": "name:x", "values": {"a": $n}}})'),
      run(GOOD, { id: 'still', t: 3 }),
    ])
    expect(bad).toMatchObject([
      refused(/took too long/),
      refused(/too deep/),
      refused(/list that is too long/),
      refused(/too large/),
      refused(/1001 messages/),
      { kind: 'understood', messages: [{ alias: 'name:still', values: { cover_tilt_deg: 3 } }] },
    ])
  })

  it('lose only the one message that stalls the thread', async () => {
    const stalling = '$match(body, /^(a+)+$/)'
    const [before, stalled, after] = await Promise.all([
      run(GOOD, { id: 'before', t: 1 }),
      run(stalling, `${'a'.repeat(40)}b`, 'text'),
      run(GOOD, { id: 'after', t: 2 }),
    ])
    expect(before).toMatchObject({ kind: 'understood' })
    expect(stalled).toMatchObject(refused(/took too long/))
    expect(after).toMatchObject({ kind: 'understood' })
  })

  it('rest after the third time', async () => {
    const loop = '($g := function($n) { $g($n + 1) }; $g(1))'
    for (let time = 0; time < 3; time += 1) expect(await run(loop)).toMatchObject(refused(/loop/))
    expect(await run(loop)).toMatchObject(refused(/rests for a minute/))
  })

  it('are checked before they are kept', async () => {
    expect(await translator.check(GOOD)).toBeUndefined()
    expect(await translator.check('{"alias": ')).toMatchObject({
      zh: expect.stringContaining('表达式') as string,
    })
  })

  it('read frames, with units', async () => {
    const frame = `(
      $b := $bytes(body);
      {"alias": "serial:" & $uint($b, 1, 4), "values": {
        "pressure_mpa": $unit($uint($b, 5, 2), "kPa"),
        "temperature_c": $int($b, 7, 2) / 10,
        "water_level_m": $unit($uintLE($b, 9, 2), "10⁻³")
      }}
    )`
    const bytes = Buffer.from('aa000004d2028aff38e803', 'hex')
    const recipe = { encoding: 'hex' as const, expression: frame }
    const read = await translator.translate(recipe, { topic: '', bytes, receivedAt: 0 })
    expect(read).toMatchObject({
      messages: [
        { alias: 'serial:1234', values: { pressure_mpa: 0.65, temperature_c: -20, water_level_m: 1 } },
      ],
    })
    expect(await run(frame, 'AA 00 00 04 D2 02 8A FF 38 E8 03', 'hex')).toEqual(read)
  })
})
