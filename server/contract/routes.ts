/** Paths of the HTTP API (contract.md §4), for the server, the page and the simulators alike. */
export const API = '/api/v1'

export const ROUTES = {
  session: `${API}/session`,
  network: `${API}/network`,
  networkImports: `${API}/network/imports`,
  assets: `${API}/assets`,
  asset: (id: string) => `${API}/assets/${encodeURIComponent(id)}`,
  checkIns: (assetId: string) => `${API}/assets/${encodeURIComponent(assetId)}/check-ins`,
  readings: `${API}/readings`,
  incidents: `${API}/incidents`,
  incident: (id: string) => `${API}/incidents/${encodeURIComponent(id)}`,
  tickets: `${API}/tickets`,
  ticket: (id: string) => `${API}/tickets/${encodeURIComponent(id)}`,
  ticketCommands: (id: string) => `${API}/tickets/${encodeURIComponent(id)}/commands`,
  calls: `${API}/calls`,
  callMatches: `${API}/calls/matches`,
  attachments: `${API}/attachments`,
  live: `${API}/live`,
  policy: `${API}/policy`,
  devices: `${API}/devices`,
  users: `${API}/users`,
  notices: `${API}/notices`,
  responsibilities: `${API}/responsibilities`,
  health: `${API}/health`,
  clock: `${API}/clock`,
  deviceTelemetry: (id: string) => `${API}/device/${encodeURIComponent(id)}/telemetry`,
} as const
