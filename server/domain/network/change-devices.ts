import type { LocalizedText } from '#contract/text.ts'
import type { ImportMistake } from '#contract/import-mistake.ts'
import type { DeviceProperties } from '#contract/network.ts'
import { SIGNALS } from '#contract/signals.ts'
import type { Instant } from '../instant.ts'
import { idsOf, isPipe, isPoint, type FileIds } from './features.ts'
import { plainAlias } from '../translation/alias.ts'
import { complainAbout, someOf, type Complain } from './import/mistake.ts'
import { checkDevice, isObject } from './import/properties.ts'
import { devicesIn, withDevices, type ListedDevice, type StandingFile } from './listed-devices.ts'

/** What somebody wants of the list of devices: all of it happens, or nothing. */
export type DeviceOrder =
  | {
      readonly verb: 'put'
      /** Whole devices with their `assetId`, unchecked. */
      readonly devices: readonly unknown[]
      /** Refuses those that are there already, or those that are not; both are taken where it is left out. */
      readonly only?: 'new' | 'known'
      /** The row of each in the file that it came from. */
      readonly rows?: readonly number[]
      /** A field that is absent keeps its value, null takes it away; an asset may be called by its name. */
      readonly partial?: boolean
    }
  | { readonly verb: 'retire'; readonly id: string }

export type DevicesChanged =
  | {
      readonly kind: 'bad'
      readonly code: 'bad-value' | 'conflict' | 'not-found'
      /** By device id; `path` is the field. */
      readonly mistakes: readonly ImportMistake[]
    }
  | {
      readonly kind: 'good'
      readonly file: StandingFile
      readonly added: string[]
      readonly changed: string[]
      readonly removed: string[]
      readonly unchanged: number
      readonly warnings: readonly LocalizedText[]
    }

type Placed = DeviceProperties & { readonly assetId: string }

/** As many as a network file may have at one point. */
const MAX_AT_ASSET = 50
const MAX_MISTAKES = 1000

/**
 * The network with devices added, changed, moved or retired. Devices are whole: what is left out is taken
 * away. Once touched here, a device is a listed one. Throws for nothing; every mistake is told.
 */
export function changeDevices(file: StandingFile, order: DeviceOrder, at: Instant): DevicesChanged {
  return order.verb === 'put' ? putDevices(file, order) : retireDevice(file, order.id, at)
}

function retireDevice(file: StandingFile, id: string, at: Instant): DevicesChanged {
  const found = devicesIn(file.features).get(id)
  if (found === undefined) return { kind: 'bad', code: 'not-found', mistakes: [absent(id)] }
  const retired = { at, device: found.device }
  const listed = [
    ...(file.listed ?? []).filter((one) => one.id !== id),
    { id, assetId: found.assetId, retired },
  ]
  return {
    kind: 'good',
    file: placed(file, new Map(), new Set([id]), listed),
    ...{ added: [], changed: [], removed: [id], unchanged: 0, warnings: [] },
  }
}

type PutOrder = DeviceOrder & { readonly verb: 'put' }

function putDevices(file: StandingFile, order: PutOrder): DevicesChanged {
  const old = devicesIn(file.features)
  const { wanted, byName, mistakes, code } = wantedDevices(file, order, old)
  const wrong = mistakes.length > 0 ? mistakes : [...crowded(wanted, old), ...sharedAliases(wanted, old)]
  if (wrong.length > 0) return { kind: 'bad', code, mistakes: wrong.slice(0, MAX_MISTAKES) }

  // Both come out of the check in the order of the schema, so equal text is equal content.
  const isSame = (device: Placed) => {
    const was = old.get(device.id)
    return JSON.stringify({ ...was?.device, assetId: was?.assetId }) === JSON.stringify(device)
  }
  const devices = [...wanted.values()]
  const added = devices.filter(({ id }) => !old.has(id))
  const changed = devices.filter((device) => old.has(device.id) && !isSame(device))
  const touched = new Map([...added, ...changed].map((device) => [device.id, device]))
  const listed = [
    ...(file.listed ?? []).filter(({ id }) => !touched.has(id)),
    ...[...touched.values()].map(({ id, assetId }) => ({ id, assetId })),
  ]
  return {
    kind: 'good',
    file: placed(file, touched, new Set(touched.keys()), listed),
    added: added.map(({ id }) => id),
    changed: changed.map(({ id }) => id),
    removed: [],
    unchanged: devices.length - touched.size,
    warnings: [...foundByName(byName), ...unjudged(devices), ...returning(file, added)],
  }
}

type Standing = ReturnType<typeof devicesIn>

function wantedDevices(file: StandingFile, order: PutOrder, old: Standing) {
  const places = placesOf(file)
  const wanted = new Map<string, Placed>()
  const byName: string[] = []
  const mistakes: ImportMistake[] = []
  let code: 'bad-value' | 'conflict' | 'not-found' = 'bad-value'
  for (const [i, raw] of order.devices.entries()) {
    const said = isObject(raw) ? raw : {}
    const id = typeof said.id === 'string' ? said.id : ''
    const standing = old.get(id)
    const own: ImportMistake[] = []
    const complain = complainAbout(own, id)
    const given = order.partial === true ? completed(said, standing, places) : said
    if (given.assetId !== said.assetId && said.assetId !== undefined) byName.push(id)
    const device = checked(given, complain)
    checkPlace(device, places, complain)
    if (wanted.has(id))
      complain('/id', `设备 ${id} 出现了不止一次`, `the device ${id} is there more than once`)
    if (own.length === 0 && order.only === 'new' && standing !== undefined) {
      const { assetId } = standing
      complain('/id', `设备 ${id} 已在 ${assetId} 上`, `the device ${id} is at ${assetId} already`)
      code = 'conflict'
    }
    if (own.length === 0 && order.only === 'known' && standing === undefined) {
      own.push(absent(id))
      code = 'not-found'
    }
    if (own.length === 0) wanted.set(id, device as Placed)
    const row = order.rows?.[i]
    mistakes.push(...own.map((one) => (row === undefined ? one : { ...one, origin: originOf(row) })))
  }
  return { wanted, byName, mistakes, code }
}

function originOf(row: number): [number, number] {
  return [0, row]
}

/** A row of a table: what it does not speak of stays, and the name of an asset counts as its id. */
function completed(
  said: Readonly<Record<string, unknown>>,
  standing: { readonly assetId: string; readonly device: DeviceProperties } | undefined,
  { ids, byName }: Places,
): Readonly<Record<string, unknown>> {
  const { assetId } = said
  const isName = typeof assetId === 'string' && !ids.assets.has(assetId) && byName.has(assetId)
  return {
    ...standing?.device,
    ...(standing === undefined ? {} : { assetId: standing.assetId }),
    ...said,
    ...(isName ? { assetId: byName.get(assetId) } : {}),
  }
}

function checked(given: Readonly<Record<string, unknown>>, complain: Complain): Partial<Placed> {
  const { assetId, ...rest } = given
  const unknown = (field: string) =>
    complain(`/${field}`, `设备没有属性 ${field}`, `a device has no property ${field}`)
  // Every field has just been checked against the schema, or complained of.
  const device = checkDevice(rest, { path: '', complain, ignored: unknown }) as Partial<DeviceProperties>
  return typeof assetId === 'string' ? { ...device, assetId } : device
}

interface Places {
  readonly ids: FileIds
  readonly byLowerCase: ReadonlyMap<string, string>
  /** Points by their name, where no other has it. */
  readonly byName: ReadonlyMap<string, string>
}

function placesOf({ features }: StandingFile): Places {
  const ids = idsOf(features)
  const named = Map.groupBy(features.filter(isPoint), ({ properties }) => properties.name)
  const single = [...named].flatMap(([name, [one, other]]): [string, string][] =>
    one === undefined || other !== undefined ? [] : [[name, one.properties.id]],
  )
  const byLowerCase = new Map([...ids.assets.keys()].map((id) => [id.toLowerCase(), id]))
  return { ids, byLowerCase, byName: new Map(single) }
}

function foundByName(devices: readonly string[]): readonly LocalizedText[] {
  const list = someOf(devices)
  if (devices.length === 0) return []
  return [
    {
      zh: `设备 ${list.zh} 的设施是按名称找到的(表中写的不是编号)`,
      en: `the assets of the devices ${list.en} were found by name: the table does not give their ids`,
    },
  ]
}

/** Ids that differ by case only are two ids, and one of them is probably meant. */
function nearTo(id: string, { byLowerCase }: Places): LocalizedText {
  const near = byLowerCase.get(id.toLowerCase())
  return near === undefined ? { zh: '', en: '' } : { zh: `(是否为 ${near}?)`, en: ` (is ${near} meant?)` }
}

function checkPlace({ assetId, pipe }: Partial<Placed>, places: Places, complain: Complain): void {
  const { ids } = places
  const asset = assetId === undefined ? undefined : ids.assets.get(assetId)
  if (assetId === undefined || assetId === '')
    complain('/assetId', '缺少所在设施 assetId', 'assetId is missing: where the device stands')
  else if (asset === undefined)
    complain(
      '/assetId',
      `没有设施 ${assetId}${nearTo(assetId, places).zh}`,
      `there is no asset ${assetId}${nearTo(assetId, places).en}`,
    )
  else if (!isPoint(asset))
    complain(
      '/assetId',
      `${assetId} 是管线: 设备应在换热站、热力井、阀门或热源上`,
      `${assetId} is a pipe: a device stands at a station, well, valve or source`,
    )
  const measured = pipe === undefined ? undefined : ids.assets.get(pipe)
  if (pipe !== undefined && (measured === undefined || !isPipe(measured)))
    complain('/pipe', `所测管线 ${pipe} 不存在`, `the pipe ${pipe} that it measures is not there`)
}

/** Where more devices would stand at one asset than a network file may name. */
function crowded(wanted: ReadonlyMap<string, Placed>, old: Standing): readonly ImportMistake[] {
  const at = new Map<string, number>()
  const count = (assetId: string) => at.set(assetId, (at.get(assetId) ?? 0) + 1)
  for (const [id, { assetId }] of old) if (!wanted.has(id)) count(assetId)
  for (const { assetId } of wanted.values()) count(assetId)
  const full = [...at].filter(([, n]) => n > MAX_AT_ASSET).map(([assetId]) => assetId)
  return full.map((featureId) => ({
    featureId,
    path: '/assetId',
    message: `设施 ${featureId} 上的设备超过 ${MAX_AT_ASSET} 台`,
    messageEn: `more than ${MAX_AT_ASSET} devices would stand at ${featureId}`,
  }))
}

/** A platform's word for a device means one device alone. */
function sharedAliases(wanted: ReadonlyMap<string, Placed>, old: Standing): readonly ImportMistake[] {
  const owner = new Map<string, string>()
  for (const [id, { device }] of old) {
    if (!wanted.has(id)) for (const alias of device.aliases ?? []) owner.set(plainAlias(alias) ?? alias, id)
  }
  const mistakes: ImportMistake[] = []
  for (const [featureId, { aliases = [] }] of wanted) {
    for (const alias of aliases.map((said) => plainAlias(said) ?? said)) {
      const other = owner.get(alias)
      owner.set(alias, featureId)
      if (other === undefined || other === featureId) continue
      mistakes.push({
        featureId,
        path: '/aliases',
        message: `平台标识 ${alias} 已属于设备 ${other}`,
        messageEn: `the alias ${alias} is that of the device ${other} already`,
      })
    }
  }
  return mistakes
}

function absent(id: string): ImportMistake {
  return { featureId: id, path: '/id', message: `没有设备 ${id}`, messageEn: `there is no device ${id}` }
}

/** Takes devices from where they stand and puts them where they shall. */
function placed(
  file: StandingFile,
  put: ReadonlyMap<string, Placed>,
  taken: ReadonlySet<string>,
  listed: readonly ListedDevice[],
): StandingFile {
  const arriving = Map.groupBy(put.values(), ({ assetId }) => assetId)
  const features = file.features.map((feature) => {
    if (!isPoint(feature)) return feature
    const { id, devices = [] } = feature.properties
    const coming = arriving.get(id) ?? []
    if (coming.length === 0 && !devices.some((device) => taken.has(device.id))) return feature
    const staying = devices.filter((device) => !taken.has(device.id))
    return withDevices(feature, [...staying, ...coming.map(({ assetId: _, ...device }) => device)])
  })
  return { type: 'FeatureCollection', features, listed }
}

function unjudged(devices: readonly Placed[]): readonly LocalizedText[] {
  const names = new Set(
    devices.flatMap(({ signals }) => signals.filter((name) => !Object.hasOwn(SIGNALS, name))),
  )
  const list = someOf([...names])
  if (names.size === 0) return []
  return [
    {
      zh: `信号 ${list.zh} 不在词汇表中: 只保存,不参与判断`,
      en: `the signals ${list.en} are not in the vocabulary: they are kept and never judged`,
    },
  ]
}

function returning({ listed = [] }: StandingFile, added: readonly Placed[]): readonly LocalizedText[] {
  const retired = new Set(listed.filter((one) => one.retired !== undefined).map(({ id }) => id))
  const back = added.filter(({ id }) => retired.has(id)).map(({ id }) => id)
  const list = someOf(back)
  if (back.length === 0) return []
  return [
    {
      zh: `设备 ${list.zh} 曾停用,现重新启用: 需要重新签发密钥`,
      en: `the devices ${list.en} were retired and come back: each needs a new secret`,
    },
  ]
}
