import type { Profile, ProfileEntry, TryAnswer, TryRequest } from '#contract/profiles.ts'
import { MAX_BODY_BYTES } from '#contract/telemetry.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { LocalizedText } from '#contract/text.ts'
import { instantText, type Instant } from '../../domain/instant.ts'
import { BUILT_IN_PROFILES } from '../../domain/translation/built-in-profiles.ts'
import { isTopicFilter } from '../../domain/translation/topic-filter.ts'
import type { Clock } from '../ports.ts'
import type { Translator } from './translate.ts'

interface KeptProfile {
  readonly id: string
  readonly entry: ProfileEntry
  readonly changedAt: Instant
  readonly changedBy: string
}

/** Where profiles of one's own are kept. */
export interface KeptProfiles {
  all(): Promise<readonly KeptProfile[]>
  /** Replaces the one of that id. */
  save(kept: KeptProfile): Promise<void>
  remove(id: string): Promise<void>
}

export interface Profiles {
  /** Built-in ones first. */
  all(): readonly Profile[]
  find(id: string): Profile | undefined
  save(id: string, entry: ProfileEntry, by: string): Promise<Profile | Refusal>
  remove(id: string): Promise<Refusal | undefined>
  /** What would become of a message; changes nothing. */
  try(request: TryRequest): Promise<TryAnswer | Refusal>
}

const MAX_KEPT = 200

/** Profiles, those of one's own beside the built-in ones, which nobody changes: a copy is one's own. */
export async function createProfiles(parts: {
  readonly store: KeptProfiles
  readonly translator: Translator
  readonly clock: Clock
  /** The device that has this alias. */
  readonly deviceOf: (alias: string) => string | undefined
  /** Who still uses a profile. */
  readonly usersOf?: (id: string) => readonly string[]
}): Promise<Profiles> {
  const { store, translator, clock, deviceOf, usersOf } = parts
  const own = new Map((await store.all()).map((kept) => [kept.id, profileOf(kept)]))
  const find = (id: string) => BUILT_IN_PROFILES.find((one) => one.id === id) ?? own.get(id)

  return {
    all: () => [...BUILT_IN_PROFILES, ...own.values()],
    find,
    async save(id, entry, by) {
      if (isBuiltIn(id)) return builtIn(id)
      const wrong = wrongTransport(entry) ?? (await wrongExpression(entry.expression))
      if (wrong !== undefined) return wrong
      if (!own.has(id) && own.size >= MAX_KEPT) return TOO_MANY
      const kept = { id, entry, changedAt: clock.now(), changedBy: by }
      await store.save(kept)
      const saved = profileOf(kept)
      own.set(id, saved)
      return saved
    },
    async remove(id) {
      if (isBuiltIn(id)) return builtIn(id)
      if (!own.has(id)) return noProfile(id)
      const users = usersOf?.(id) ?? []
      if (users.length > 0) return inUse(id, users)
      await store.remove(id)
      own.delete(id)
      return undefined
    },
    async try(request) {
      const recipe = typeof request.profile === 'string' ? find(request.profile) : request.profile
      if (recipe === undefined) return noProfile(String(request.profile))
      const bytes = bytesOf(request)
      if (isRefusal(bytes)) return bytes
      const { topic = '' } = request
      const read = await translator.translate(recipe, { topic, bytes, receivedAt: clock.now() })
      if (read.kind === 'not-understood')
        return { messages: [], leftOut: [], problems: [problemOf(read.said)] }
      return {
        messages: read.messages.map((message) => {
          const device = deviceOf(message.alias)
          return device === undefined ? message : { ...message, device }
        }),
        leftOut: [...read.leftOut],
        problems: [],
      }
    },
  }

  async function wrongExpression(expression: string): Promise<Refusal | undefined> {
    const wrong = await translator.check(expression)
    return wrong === undefined ? undefined : refuse('bad-value', wrong)
  }
}

function profileOf({ id, entry, changedAt, changedBy }: KeptProfile): Profile {
  return { id, ...entry, builtIn: false, changedAt: instantText(changedAt), changedBy }
}

function problemOf(said: LocalizedText) {
  return { message: said.zh, messageEn: said.en }
}

function isBuiltIn(id: string): boolean {
  return BUILT_IN_PROFILES.some((one) => one.id === id)
}

/** Text is the message as it is; anything else is the JSON that it stands for. */
function bytesOf({ body, bodyBase64 }: TryRequest): Uint8Array | Refusal {
  if ((body === undefined) === (bodyBase64 === undefined))
    return refuse('bad-value', {
      zh: 'body 与 bodyBase64 应给出其中一个',
      en: 'give either body or bodyBase64',
    })
  const bytes =
    bodyBase64 === undefined
      ? Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
      : Buffer.from(bodyBase64, 'base64')
  if (bytes.length <= MAX_BODY_BYTES) return bytes
  return refuse('too-large', {
    zh: `报文超过 ${String(MAX_BODY_BYTES)} 字节`,
    en: `a message has ${String(MAX_BODY_BYTES)} bytes at most`,
  })
}

function wrongTransport({ topics = [], push = false }: ProfileEntry): Refusal | undefined {
  const bad = topics.filter((filter) => !isTopicFilter(filter))
  if (bad.length > 0)
    return refuse('bad-value', {
      zh: `不是正确的 MQTT 主题过滤器: ${bad.join('、')}`,
      en: `no MQTT topic filter: ${bad.join(', ')}`,
    })
  if (topics.length > 0 || push) return undefined
  return refuse('missing-field', {
    zh: '请填写 MQTT 主题, 或选择由平台推送(HTTP)',
    en: 'give MQTT topics, or say that a platform pushes over HTTP',
  })
}

const TOO_MANY = refuse('conflict', {
  zh: `已有 ${String(MAX_KEPT)} 个报文配置, 请先删除不用的`,
  en: `there are ${String(MAX_KEPT)} profiles already; delete what is not used`,
})

function builtIn(id: string): Refusal {
  return refuse('conflict', {
    zh: `${id} 是内置配置, 不能更改: 请另取编号保存为自己的配置`,
    en: `${id} is built in and cannot be changed: save a copy under another id`,
  })
}

function noProfile(id: string): Refusal {
  return refuse('not-found', { zh: `没有报文配置 ${id}`, en: `there is no profile ${id}` })
}

function inUse(id: string, users: readonly string[]): Refusal {
  return refuse('conflict', {
    zh: `报文配置 ${id} 仍由 ${users.join('、')} 使用`,
    en: `the profile ${id} is still used by ${users.join(', ')}`,
  })
}
