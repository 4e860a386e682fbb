import type { Profile } from '#contract/profiles.ts'

/** Whether a profile came with Wellwatch is known by where it stands. */
type BuiltIn = Omit<Profile, 'changedAt' | 'changedBy'>

/**
 * Profiles of platforms, each by the messages of the platform's own documentation. Which signals the platform's
 * names mean is settled afterwards (`ourValues`), so an expression only says where device, time and values stand.
 */
export const BUILT_IN_PROFILES: readonly BuiltIn[] = [
  {
    id: 'thingsboard-gateway',
    title: { zh: 'ThingsBoard 网关', en: 'ThingsBoard gateway' },
    topics: [
      ...['v1/gateway/telemetry', 'v1/gateway/connect', 'v1/gateway/disconnect'],
      ...['v1/gateway/attributes', 'v1/gateway/attributes/+', 'v1/gateway/rpc'],
    ],
    encoding: 'json',
    builtIn: true,
    // https://thingsboard.io/docs/reference/gateway-mqtt-api/: {"Device A": [{"ts", "values"}]}; without `ts` the values stand alone.
    expression: `topic = "v1/gateway/telemetry" and $type(body) = "object" ?
  $each(body, function($samples, $name) {
    $map([$samples], function($sample) {
      {
        "alias": "name:" & $name,
        "ts": $exists($sample.values) ? $sample.ts,
        "values": $exists($sample.values) ? $sample.values : $sample
      }
    })
  })
: topic ~> $contains(/^v1\\/gateway\\/(connect|disconnect|attributes|rpc)/) ? []`,
  },
  {
    id: 'chirpstack-v4',
    title: { zh: 'ChirpStack v4 网络服务器', en: 'ChirpStack v4' },
    topics: ['application/+/device/+/event/+'],
    push: true,
    encoding: 'json',
    builtIn: true,
    // https://www.chirpstack.io/docs/chirpstack/integrations/events.html: `object` is what the device's codec made of `data`.
    expression: `(
  $device := "dev_eui:" & body.deviceInfo.devEui;
  $exists(body.deviceInfo.devEui) ? (
    $exists(body.fPort) or $exists(body.object) and $exists(body.rxInfo) ? (
      $type(body.object) = "object" ? {
        "alias": $device,
        "ts": body.time,
        "values": $merge([{"rssi": $max(body.rxInfo.rssi)}, body.object])
      }
    )
    : $exists(body.batteryLevel) ?
      {"alias": $device, "ts": body.time, "values": {"battery_pct": body.batteryLevel}}
    : []
  )
)`,
  },
  {
    id: 'tts-v3',
    title: { zh: 'The Things Stack v3 网络服务器', en: 'The Things Stack v3' },
    topics: ['v3/+/devices/+/up', 'v3/+/devices/+/join', 'v3/+/devices/+/down/+'],
    push: true,
    encoding: 'json',
    builtIn: true,
    // https://www.thethingsindustries.com/docs/integrations/data-formats/: fields that are empty are left out.
    expression: `(
  $up := body.uplink_message;
  $exists(body.end_device_ids.device_id) ? (
    $exists($up) ? (
      $type($up.decoded_payload) = "object" ? {
        "alias": $exists(body.end_device_ids.dev_eui) ? "dev_eui:" & body.end_device_ids.dev_eui
          : "name:" & body.end_device_ids.device_id,
        "ts": $exists($up.received_at) ? $up.received_at : body.received_at,
        "values": $merge([{"rssi": $max($up.rx_metadata.rssi)}, $up.decoded_payload])
      }
    ) : []
  )
)`,
  },
  {
    id: 'ctwing',
    title: { zh: '中国电信 CTWing（AEP）', en: 'China Telecom CTWing (AEP)' },
    push: true,
    answer: 200,
    encoding: 'json',
    builtIn: true,
    // https://www.ctwing.cn, subscriptions of an application: `payload` holds the values, a service's values or, of a device that is passed through, APPdata in base64.
    expression: `(
  $alias := $length($string(body.IMEI)) >= 15 ? "imei:" & body.IMEI : "serial:" & body.deviceId;
  $said := $exists(body.payload.serviceData) ? body.payload.serviceData : body.payload;
  $plain := $exists(body.payload.APPdata) ? $json($text(body.payload.APPdata)) : $said;
  $exists(body.messageType) and $exists(body.deviceId) ? (
    body.messageType = "dataReport" ? (
      $type($plain) = "object" ? {"alias": $alias, "ts": body.timestamp, "values": $plain}
    )
    : body.messageType = "dataReportTsl" ? {"alias": $alias, "ts": body.timestamp, "values": body.payload}
    : body.messageType = "eventReport" ? {
        "alias": $alias,
        "ts": body.timestamp,
        "values": $exists(body.eventContent) ? body.eventContent : body.payload
      }
    : []
  )
)`,
  },
  {
    id: 'onenet',
    title: { zh: '中国移动 OneNET', en: 'China Mobile OneNET' },
    push: true,
    answer: 200,
    encoding: 'json',
    builtIn: true,
    // https://open.iot.10086.cn/doc/, HTTP push: one data point or a list of them; the newer platform sends `msg` as text.
    expression: `(
  $msg := $type(body.msg) = "string" ? $json(body.msg) : body.msg;
  $ofDevice := function($one) {
    $exists($one.imei) ? "imei:" & $one.imei
    : $exists($one.deviceName) ? "name:" & $one.deviceName
    : $exists($one.dev_name) ? "name:" & $one.dev_name
    : "serial:" & $string($one.dev_id)
  };
  $exists($msg) ? $map($msg, function($one) {
    $one.type = 1 ? {
      "alias": $ofDevice($one),
      "ts": $one.at,
      "values": $type($one.value) = "object" ? $one.value : {$one.ds_id: $one.value}
    }
    : $one.notifyType = "property" ? {
      "alias": $ofDevice($one),
      "ts": $max($one.data.params.*.time),
      "values": $merge($each($one.data.params, function($point, $name) {{$name: $point.value}}))
    }
    : []
  }) : undefined
)`,
  },
]
