import type { ChannelView, NotificationView } from '#contract/notification.ts'
import { ROUTES } from '#contract/routes.ts'
import { request, type Failure } from '../../base/api/request.ts'

/** What somebody must do something about comes first. */
export const MESSAGE_STATES = ['dead', 'waiting', 'sent', 'withheld'] as const
export type MessageState = NotificationView['state']

interface Answer {
  readonly items: readonly NotificationView[]
  readonly channels: readonly ChannelView[]
  readonly counts: Readonly<Record<MessageState, number>>
  readonly next?: string
}

/** What was told to whom, a page at a time. Until somebody chooses, what nobody could be told comes first. */
export class Messages {
  state = $state<MessageState | undefined>(undefined)
  items = $state.raw<readonly NotificationView[]>([])
  channels = $state.raw<readonly ChannelView[] | undefined>(undefined)
  counts = $state.raw<Answer['counts'] | undefined>(undefined)
  next = $state<string | undefined>(undefined)
  failure = $state.raw<Failure | undefined>(undefined)
  readonly shown: MessageState = $derived(
    this.state ?? MESSAGE_STATES.find((one) => (this.counts?.[one] ?? 0) > 0) ?? 'dead',
  )

  async load(): Promise<void> {
    if (this.counts === undefined) await this.#ask('dead')
    await this.#ask(this.shown)
  }

  async choose(state: MessageState): Promise<void> {
    this.state = state
    this.items = []
    await this.#ask(state)
  }

  async more(): Promise<void> {
    await this.#ask(this.shown, this.next)
  }

  async retry(id: string): Promise<void> {
    const answer = await request<NotificationView>(ROUTES.notificationRetry(id), { method: 'POST' })
    if (!answer.ok) this.failure = answer
    await this.#ask(this.shown)
    this.failure = answer.ok ? undefined : answer
  }

  async #ask(state: MessageState, cursor?: string): Promise<void> {
    const query = new URLSearchParams({ state, ...(cursor === undefined ? {} : { cursor }) })
    const answer = await request<Answer>(`${ROUTES.notifications}?${query.toString()}`)
    this.failure = answer.ok ? undefined : answer
    if (!answer.ok) return
    this.items = cursor === undefined ? answer.value.items : [...this.items, ...answer.value.items]
    this.channels = answer.value.channels
    this.counts = answer.value.counts
    this.next = answer.value.next
  }
}
