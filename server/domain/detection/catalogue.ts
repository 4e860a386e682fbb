import { DEVICE_RULES } from './rules/rules.ts'
import { SHARED_SETTINGS, type DetectionSettings, type SettingDefinitions } from './core/settings.ts'

/** Every setting of the detector by key: those of the rules of devices first. */
export const SETTINGS: SettingDefinitions = Object.assign(
  {},
  ...DEVICE_RULES.map((rule) => rule.settings),
  SHARED_SETTINGS,
) as SettingDefinitions

/** The settings as delivered. */
export const DEFAULT_SETTINGS = Object.fromEntries(
  Object.entries(SETTINGS).map(([key, definition]) => [key, definition.default]),
) as DetectionSettings
