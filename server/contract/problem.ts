import Type from 'typebox'
import { ImportGroup, ImportMistake } from './import-mistake.ts'
import type { LocalizedText } from './text.ts'

/**
 * Closed list of refusals (RFC 9457 problems). The code is the contract, the sentence is for people,
 * the status is mapped here and nowhere else.
 */
export const PROBLEMS = {
  'bad-request': { status: 400, title: '请求格式不正确' },
  'not-signed-in': { status: 401, title: '未登录' },
  'wrong-credentials': { status: 401, title: '用户名或密码不正确' },
  'not-your-right': { status: 403, title: '没有权限' },
  'wrong-origin': { status: 403, title: '来源不被允许' },
  'wrong-host': { status: 421, title: '域名不被允许' },
  'not-found': { status: 404, title: '未找到' },
  'stale-version': { status: 409, title: '内容已被他人更新' },
  conflict: { status: 409, title: '与现有内容冲突' },
  'too-large': { status: 413, title: '内容过大' },
  'unsupported-encoding': { status: 415, title: '不支持的内容编码' },
  'missing-field': { status: 422, title: '缺少必填项' },
  'wrong-state': { status: 422, title: '当前状态不能这样做' },
  'guard-refused': { status: 422, title: '不满足制度要求' },
  'bad-time': { status: 422, title: '时间不合理' },
  'bad-value': { status: 422, title: '内容不正确' },
  'bad-network': { status: 422, title: '管网文件有误' },
  'too-many-requests': { status: 429, title: '请求过于频繁' },
  internal: { status: 500, title: '服务器内部错误' },
  'journal-full': { status: 503, title: '日志空间已满,未能保存' },
  unavailable: { status: 503, title: '暂时不可用' },
} as const satisfies Record<string, { status: number; title: string }>
export type ProblemCode = keyof typeof PROBLEMS

/** An expected no, as a value. */
export interface Refusal {
  readonly kind: 'refusal'
  readonly code: ProblemCode
  /** One sentence for a person, in Chinese. */
  readonly detail: string
  readonly detailEn: string
  /** The clause of the policy that says no, for example 第八条3(4). */
  readonly clause?: string
  /** Names of missing mandatory fields. */
  readonly missing?: readonly string[]
  readonly errors?: readonly ImportMistake[]
  /** The same by kind, where files of another program were refused. */
  readonly groups?: readonly ImportGroup[]
}

/** A refusal with its sentence in both languages. */
export function refuse(
  code: ProblemCode,
  said: LocalizedText,
  more: Omit<Refusal, 'kind' | 'code' | 'detail' | 'detailEn'> = {},
): Refusal {
  return { kind: 'refusal', code, detail: said.zh, detailEn: said.en, ...more }
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'refusal'
}

/** `application/problem+json` (RFC 9457). */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.Optional(Type.String()),
  detailEn: Type.Optional(Type.String({ description: 'the detail in English' })),
  code: Type.String(),
  clause: Type.Optional(Type.String()),
  missing: Type.Optional(Type.Array(Type.String())),
  errors: Type.Optional(Type.Array(ImportMistake)),
  groups: Type.Optional(Type.Array(ImportGroup)),
})
export type Problem = Type.Static<typeof Problem>

export function problemOf(refusal: Refusal): Problem {
  const { status, title } = PROBLEMS[refusal.code]
  return {
    type: `urn:wellwatch:problem:${refusal.code}`,
    title,
    status,
    detail: refusal.detail,
    detailEn: refusal.detailEn,
    code: refusal.code,
    ...(refusal.clause === undefined ? {} : { clause: refusal.clause }),
    ...(refusal.missing === undefined ? {} : { missing: [...refusal.missing] }),
    ...(refusal.errors === undefined ? {} : { errors: [...refusal.errors] }),
    ...(refusal.groups === undefined ? {} : { groups: [...refusal.groups] }),
  }
}
