import Type from 'typebox'
import { LocalizedText } from './text.ts'

/** One statistic of one place: its threshold and where that comes from. */
export const DetectionLimit = Type.Object({
  statistic: Type.Enum(['makeup', 'leak', 'sensor']),
  place: Type.String({ description: 'source of the make-up, else the connected network' }),
  threshold: Type.Number(),
  least: Type.Number({ description: 'never below' }),
  basis: Type.Enum(['floor', 'conformal', 'gumbel']),
  daysLearnt: Type.Integer({ description: 'quiet days that it is made of' }),
  falseAlarmsPerSeason: Type.Number({ description: 'its budget' }),
  reason: LocalizedText,
})
export type DetectionLimit = Type.Static<typeof DetectionLimit>

/** One fixed threshold, hold, weight or budget of the detector, as it is in force. */
export const DetectionSetting = Type.Object({
  key: Type.String(),
  rule: Type.Optional(
    Type.String({ description: 'the rule over the readings of one device that it belongs to' }),
  ),
  title: LocalizedText,
  unit: Type.String(),
  value: Type.Number(),
  default: Type.Number(),
  min: Type.Number(),
  max: Type.Number(),
})
export type DetectionSetting = Type.Static<typeof DetectionSetting>

/** What a connected primary network is watched by, and what is not possible there. */
export const DetectionZone = Type.Object({
  id: Type.String(),
  sourceIds: Type.Array(Type.String()),
  pressureSensors: Type.Integer(),
  speaking: Type.Integer({ description: 'heard and believed in the last hour' }),
  places: Type.Integer({ description: 'wells that a leak can be placed at' }),
  hoursLearnt: Type.Integer(),
  watched: Type.Array(LocalizedText),
  limits: Type.Array(LocalizedText, { description: 'what cannot be watched, and why' }),
})
export type DetectionZone = Type.Static<typeof DetectionZone>

/** `GET /detection`: learnt thresholds with their reasons, every fixed setting, what can and cannot be watched. */
export const DetectionView = Type.Object({
  model: Type.String(),
  limits: Type.Array(DetectionLimit, { description: 'learnt' }),
  settings: Type.Array(DetectionSetting, { description: 'fixed' }),
  zones: Type.Array(DetectionZone),
})
export type DetectionView = Type.Static<typeof DetectionView>
