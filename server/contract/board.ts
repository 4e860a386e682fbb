import Type from 'typebox'
import { IncidentView } from './incident.ts'
import { InstantText } from './identity.ts'
import { NoticeView } from './notice.ts'
import { TicketView } from './ticket.ts'
import { LEVELS, TICKET_KINDS } from './vocabulary.ts'

/** Health of an asset's devices; `unwatched`: it has none. */
const ASSET_HEALTH = ['normal', 'fault', 'silent', 'unwatched'] as const
export type AssetHealth = (typeof ASSET_HEALTH)[number]

/** `GET /board?at=`: everything that a desk would have shown at an earlier instant. */
export const PastBoard = Type.Object({
  at: InstantText,
  tickets: Type.Array(TicketView),
  incidents: Type.Array(IncidentView),
  notices: Type.Array(NoticeView),
  /** Only what was not normal. */
  assets: Type.Array(Type.Object({ id: Type.String(), health: Type.Enum(ASSET_HEALTH) })),
  /** Stretches that no sensor reached then, though one would have. */
  blindPipeIds: Type.Array(Type.String()),
})
export type PastBoard = Type.Static<typeof PastBoard>

/** `GET /board/timeline?from=&to=`: how much was entered when, and what was opened. */
export const Timeline = Type.Object({
  from: InstantText,
  to: InstantText,
  binSeconds: Type.Integer(),
  /** Entries of tickets' histories in each bin, from `from` on. */
  bins: Type.Array(Type.Integer()),
  openings: Type.Array(
    Type.Object({
      at: InstantText,
      ticketId: Type.String(),
      kind: Type.Enum(TICKET_KINDS),
      level: Type.Enum(LEVELS),
    }),
  ),
})
export type Timeline = Type.Static<typeof Timeline>
