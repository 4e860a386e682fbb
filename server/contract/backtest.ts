import Type from 'typebox'
import { InstantText } from './identity.ts'
import { LocalizedText } from './text.ts'

const Settings = Type.Record(Type.String({ maxLength: 64 }), Type.Number())

/** Body of `POST /backtests`: what would the detector have said with other settings? */
export const BacktestRequest = Type.Object(
  { from: InstantText, to: InstantText, settings: Type.Optional(Settings) },
  { additionalProperties: false },
)
export type BacktestRequest = Type.Static<typeof BacktestRequest>

const BACKTEST_STATES = ['running', 'done', 'failed', 'stopped'] as const
export type BacktestState = (typeof BACKTEST_STATES)[number]

/** One run over stored readings; kept in memory and forgotten with the process. */
export const BacktestView = Type.Object({
  id: Type.String(),
  state: Type.Enum(BACKTEST_STATES),
  by: Type.String({ description: 'who asked' }),
  startedAt: InstantText,
  endedAt: Type.Optional(InstantText),
  from: InstantText,
  to: InstantText,
  settings: Type.Object({}, { additionalProperties: Type.Number(), description: 'only what was changed' }),
  share: Type.Number({ minimum: 0, maximum: 1 }),
  counts: Type.Object({}, { additionalProperties: Type.Integer(), description: 'changes by type' }),
  account: Type.Array(LocalizedText, { description: 'what could be watched, and what not' }),
  problem: Type.Optional(Type.String()),
})
export type BacktestView = Type.Static<typeof BacktestView>
