import { ROUTES } from '#contract/routes.ts'
import type { TicketView } from '#contract/ticket.ts'
import type { CommandName } from '#contract/commands/commands.ts'
import { request, type Failure } from '../base/api/request.ts'
import { isoText } from '../base/i18n/time.ts'
import { live } from './live-feed.svelte.ts'
import { remember, remembered } from './memory.ts'
import { serverClock } from './server-clock.svelte.ts'
import { session } from './session.svelte.ts'
import type { Waiting } from './outbox-queue.ts'
import { dropFiles, dropStrayFiles } from './pocket.ts'
import { localFiles, withSentFiles } from './waiting-files.ts'

const MEMORY = 'outbox'
const MOST = 50
/** A photo of a form that was never sent. */
const STRAY_MS = 24 * 3_600_000

/** What a crew did without a signal, kept in the phone until the server has it. */
class Outbox {
  items = $state.raw<readonly Waiting[]>(read())
  readonly #own: readonly Waiting[] = $derived(
    this.items.filter(({ userId = session.user?.id }) => userId === session.user?.id),
  )
  readonly waiting: readonly Waiting[] = $derived(this.#own.filter(({ refused }) => refused === undefined))
  readonly refused: readonly Waiting[] = $derived(this.#own.filter(({ refused }) => refused !== undefined))
  #sending = false

  constructor() {
    const named = new Set(this.items.flatMap(({ body }) => localFiles(body)))
    void dropStrayFiles(named, Date.now() - STRAY_MS)
  }

  /** Keeps one step with the instant at which it was done. False when the phone holds no more. */
  keep(
    ticket: TicketView,
    command: CommandName,
    body: Readonly<Record<string, unknown>>,
    key: string = crypto.randomUUID(),
  ): boolean {
    if (this.items.length >= MOST) return false
    const occurredAt = body['occurredAt'] ?? isoText(serverClock.now)
    const { id: ticketId, number, version } = ticket
    const item = {
      key,
      ticketId,
      number,
      command,
      version,
      ...(session.user === undefined ? {} : { userId: session.user.id }),
      body: { ...body, occurredAt },
    }
    this.#set([...this.items, item])
    return true
  }

  drop(key: string): void {
    const gone = this.items.find((item) => item.key === key)
    if (gone !== undefined) void dropFiles(localFiles(gone.body))
    this.#set(this.items.filter((item) => item.key !== key))
  }

  /** Sends what waits, in the order in which it was done; stops at the first silence. */
  async send(): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    try {
      for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
        if (!(await this.#sendOne(next))) return
      }
    } finally {
      this.#sending = false
    }
  }

  async #sendOne(kept: Waiting): Promise<boolean> {
    const files = await withSentFiles(kept.body)
    if (!files.ok) {
      if (isLater(files)) return false
      this.#refuse(kept, files)
      return true
    }
    // What has been sent is written down at once: a photo is not sent twice.
    const item = { ...kept, body: files.value }
    this.#set(this.items.map((one) => (one.key === item.key ? item : one)))
    const first = await post(item)
    // Refused as stale means: not recorded. The newest version is another request, with a key of its own.
    const version = live.tickets.get(item.ticketId)?.version
    const again = !first.ok && first.code === 'stale-version' && version !== undefined
    const answer = again ? await post({ ...item, key: crypto.randomUUID(), version }) : first
    if (!answer.ok && isLater(answer)) return false
    if (answer.ok) {
      live.takeTicket(answer.value)
      this.drop(item.key)
    } else this.#refuse(item, answer)
    return true
  }

  #refuse(item: Waiting, failure: Failure): void {
    this.#set(this.items.map((one) => (one.key === item.key ? { ...one, refused: failure.detail } : one)))
  }

  #set(items: readonly Waiting[]): void {
    this.items = items
    remember(MEMORY, items.length === 0 ? undefined : JSON.stringify(items))
  }
}

/** Nobody answered, or somebody must sign in first: to be tried again, not given up. */
function isLater({ status }: Failure): boolean {
  return status === 0 || status === 401 || status === 429 || status >= 500
}

function post({ ticketId, command, version, body, key }: Waiting) {
  return request<TicketView>(ROUTES.ticketCommands(ticketId), {
    method: 'POST',
    body: { ...body, command, version },
    idempotencyKey: key,
  })
}

function read(): readonly Waiting[] {
  try {
    const kept: unknown = JSON.parse(remembered(MEMORY) ?? '[]')
    return Array.isArray(kept) ? (kept as Waiting[]) : []
  } catch {
    return [] // Not ours, or of an older page.
  }
}

export const outbox = new Outbox()
