import { parseArgs, type ParseArgsConfig } from 'node:util'

/** What a command line says, or what is wrong with it. */
export function argumentsOf<Options extends NonNullable<ParseArgsConfig['options']>>(
  options: Options,
): ReturnType<typeof parseArgs<{ options: Options; strict: true }>>['values'] | string {
  try {
    return parseArgs({ options, strict: true }).values
  } catch (error) {
    // Node explains at length; the first sentence says it.
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  }
}
