/** What the command line can do; said where it was asked for something else. */
export const USAGE = `npm run …
  demo [-- [--reset] [--story bad-night]]             the whole system with a simulated town
  import -- [--dry-run] [--replace] [--mapping FILE] [--crs NAME] FILE…    maps of the network into the registry
  users -- add NAME --role ROLE [--department ID] [--full-name TEXT]    (password from standard input)
  users -- list | disable NAME
  devices -- import [--dry-run] FILE                  a list of devices, CSV or XLSX, with a preview first
  devices -- issue ID… | revoke ID…                   secrets of devices, told once
  backtest -- --network FILE --readings FILE --out FILE    the detector over recorded readings
  audit -- [--head LINK] | --list                     whether the history is what was written
  backup -- FOLDER                                    a checked copy of the data directory, while the server runs too
  restore -- FOLDER                                   puts one back into an empty data directory
  policy -- --schema | --check FILE | --print [NAME]  the policy pack in force by default, or another city's
  settings [-- --write]                               every setting as a table, or into server/CONFIGURATION.md
  policy -- --convert FILE                            a pack's file with today's names of clocks and rules, printed`
