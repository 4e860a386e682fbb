import { API } from '#contract/routes.ts'
import type { CommandName } from '#contract/commands/commands.ts'
import type { IncidentView } from '#contract/incident.ts'
import type { Problem } from '#contract/problem.ts'
import type { TicketView } from '#contract/ticket.ts'

interface Answer<T> {
  readonly status: number
  readonly body: T
}

/** One person at the API, with the session cookie that signing in gave. */
export interface PersonClient {
  cookie(): Promise<string>
  /** Any request, whatever its answer. */
  ask<T = Problem>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>
  /** These fail unless the answer is a 2xx. */
  get<T>(path: string): Promise<T>
  post<T>(path: string, body: unknown): Promise<T>
  put<T>(path: string, body: unknown): Promise<T>
  /** All tickets that match, newest page only. */
  tickets(query?: string): Promise<readonly TicketView[]>
  ticket(id: string, at?: string): Promise<TicketView>
  incidents(query?: string): Promise<readonly IncidentView[]>
  /** A command on the newest version of a ticket. */
  command<T = Problem>(id: string, command: CommandName, fields?: object): Promise<Answer<T>>
  /** A command that must be taken. */
  does(id: string, command: CommandName, fields?: object): Promise<TicketView>
}

export function createPersonClient(
  address: () => string,
  who: { readonly name: string; readonly password: string },
): PersonClient {
  let session: string | undefined

  async function cookie(): Promise<string> {
    if (session !== undefined) return session
    const response = await fetch(`${address()}${API}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: who.name, password: who.password }),
    })
    session = response.headers.getSetCookie()[0]?.split(';')[0]
    if (session === undefined) throw new Error(`${who.name} cannot sign in: ${await response.text()}`)
    return session
  }
  async function ask<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const json = body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }
    const response = await fetch(`${address()}${API}${path}`, {
      method,
      headers: { cookie: await cookie(), ...json, ...headers },
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true
    return { status: response.status, body: (isJson ? JSON.parse(text) : text) as T }
  }
  async function good<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await ask<T>(method, path, body)
    if (answer.status < 300) return answer.body
    throw new Error(`${who.name} ${method} ${path}: ${String(answer.status)} ${JSON.stringify(answer.body)}`)
  }
  const ticket = (id: string, at?: string) =>
    good<TicketView>('GET', `/tickets/${id}${at === undefined ? '' : `?at=${encodeURIComponent(at)}`}`)
  async function command<T>(id: string, name: CommandName, fields: object = {}): Promise<Answer<T>> {
    const { version } = await ticket(id)
    return ask<T>('POST', `/tickets/${id}/commands`, { command: name, version, ...fields })
  }

  return {
    cookie,
    ask,
    get: (path) => good('GET', path),
    post: (path, body) => good('POST', path, body),
    put: (path, body) => good('PUT', path, body),
    tickets: async (query = '') => (await good<{ items: TicketView[] }>('GET', `/tickets?${query}`)).items,
    ticket,
    incidents: async (query = '') =>
      (await good<{ items: IncidentView[] }>('GET', `/incidents?${query}`)).items,
    command,
    async does(id, name, fields) {
      const answer = await command<TicketView>(id, name, fields)
      if (answer.status === 200) return answer.body
      throw new Error(`${who.name} ${name}: ${String(answer.status)} ${JSON.stringify(answer.body)}`)
    },
  }
}
