/** Messages as the platforms' own documentation and devices in the field have them. */

/** https://thingsboard.io/docs/reference/gateway-mqtt-api/ */
export const THINGSBOARD_GATEWAY = {
  'Device A': [
    { ts: 1483228800000, values: { temperature: 42, humidity: 80 } },
    { ts: 1483228801000, values: { temperature: 43, humidity: 82 } },
  ],
  'Device B': [{ ts: 1483228800000, values: { temperature: 42, humidity: 80 } }],
}

const CHIRPSTACK_DEVICE = {
  tenantId: '52f14cd4-c6f1-4fbd-8f87-4025e1d49242',
  tenantName: 'ChirpStack',
  applicationId: '17c82e96-be03-4f38-aef3-f83d48582d97',
  applicationName: 'Test application',
  deviceProfileId: '14855bf7-d10d-4aee-b618-ebfcb64dc7ad',
  deviceProfileName: 'Test device-profile',
  deviceName: 'Test device',
  devEui: '0101010101010101',
  tags: { key: 'value' },
}

/** https://www.chirpstack.io/docs/chirpstack/integrations/events.html, `up`, without a codec. */
export const CHIRPSTACK_UP = {
  deduplicationId: '3ac7e3c4-4401-4b8d-9386-a5c902f9202d',
  time: '2022-07-18T09:34:15.775023242+00:00',
  deviceInfo: CHIRPSTACK_DEVICE,
  devAddr: '00189440',
  dr: 1,
  fPort: 1,
  data: 'qg==',
  rxInfo: [
    {
      gatewayId: '0016c001f153a14c',
      uplinkId: 4217106255,
      rssi: -36,
      snr: 10.5,
      context: 'E3OWOQ==',
      metadata: { region_name: 'eu868', region_common_name: 'EU868' },
    },
  ],
  txInfo: {
    frequency: 867100000,
    modulation: { lora: { bandwidth: 125000, spreadingFactor: 11, codeRate: 'CR_4_5' } },
  },
}
/** The same with what a codec of a lid sensor makes of `data`. */
export const CHIRPSTACK_DECODED = { ...CHIRPSTACK_UP, object: { tilt: 75.2, cover: 1, battery_mv: 3610 } }
export const CHIRPSTACK_STATUS = {
  deduplicationId: 'bf2a9746-1c8b-49be-a92e-f0b89c8534e4',
  time: '2022-07-18T09:35:06.927172638+00:00',
  deviceInfo: CHIRPSTACK_DEVICE,
  margin: 10,
  batteryLevel: 88.3,
}
export const CHIRPSTACK_JOIN = {
  deduplicationId: 'c9dbe358-2578-4fb7-b295-66b44edc45a6',
  time: '2022-07-18T09:33:28.823500726+00:00',
  deviceInfo: CHIRPSTACK_DEVICE,
  devAddr: '00189440',
}
export const CHIRPSTACK_LOG = {
  time: '2022-07-18T09:39:57.311414029+00:00',
  deviceInfo: CHIRPSTACK_DEVICE,
  level: 'ERROR',
  code: 'UPLINK_MIC',
  description: 'MIC of join-request is invalid, make sure keys are correct',
  context: { deduplication_id: '4e91db13-5ce3-4c8c-ab0f-dfc626cf0771' },
}

const TTS_IDS = {
  device_id: 'dev1',
  application_ids: { application_id: 'app1' },
  dev_eui: '0004A30B001C0530',
  join_eui: '800000000000000C',
  dev_addr: '00BCB929',
}
/** https://www.thethingsindustries.com/docs/integrations/data-formats/ */
export const TTS_UP = {
  end_device_ids: TTS_IDS,
  correlation_ids: ['as:up:01E0WZGT6Y7657CPFPE5WEYDSQ'],
  received_at: '2020-02-12T15:15:46.014773143Z',
  uplink_message: {
    session_key_id: 'AXA50tHUGUucuzS/bCGMNw==',
    f_cnt: 1,
    frm_payload: 'gkHe',
    decoded_payload: { temperature: 1.0, luminosity: 0.64 },
    rx_metadata: [
      {
        gateway_ids: { gateway_id: 'gtw1', eui: '9C5C8E00001A05C4' },
        time: '2020-02-12T15:15:45.787Z',
        timestamp: 2463457000,
        rssi: -35,
        channel_rssi: -35,
        snr: 5,
        uplink_token: 'ChIKEAoEZ3R3MRIInFyOAAAaBcQQ6L3Vlgk=',
        channel_index: 2,
      },
    ],
    settings: {
      data_rate: { lora: { bandwidth: 125000, spreading_factor: 7 } },
      data_rate_index: 5,
      coding_rate: '4/6',
      frequency: '868300000',
      timestamp: 2463457000,
      time: '2020-02-12T15:15:45.787Z',
    },
    consumed_airtime: '0.056576s',
    received_at: '2020-02-12T15:15:45.789585559Z',
  },
}
export const TTS_JOIN = {
  end_device_ids: TTS_IDS,
  correlation_ids: ['as:up:01E191YN5F2HMBQCBCVRF731VY'],
  received_at: '2020-02-17T07:49:09.935284891Z',
  join_accept: { session_key_id: 'AXBSH1Pk6Z0G166RlH16CQ==', received_at: '2020-02-17T07:49:09.736532315Z' },
}

/** CTWing's push for an application: values, a service's values, and base64 of a device that is passed through. */
export const CTWING_VALUES = {
  upPacketSN: -1,
  upDataSN: -1,
  topic: 'v1/up/ad19',
  timestamp: 1619524024049,
  tenantId: '2000033827',
  serviceId: 10,
  protocol: 'lwm2m',
  productId: '15045240',
  payload: { time: 1619524019000, longitude: -174, latitude: -86 },
  messageType: 'dataReport',
  deviceType: '',
  deviceId: 'd01308047f864601a821e02dc328eab4',
  assocAssetId: '',
  IMSI: 'undefined',
  IMEI: '161941770261953',
}
export const CTWING_SERVICE = {
  ...CTWING_VALUES,
  timestamp: 1606982320277,
  payload: {
    serviceId: 'notification',
    serviceData: { TData: 30, SNR: 1, RSRP: -114, IMEI: '860374051096202', Battery_Level: 100 },
  },
  IMEI: '860374051096202',
}
export const CTWING_PASSED_THROUGH = {
  ...CTWING_VALUES,
  timestamp: 1609231209882,
  protocol: 'tcp',
  payload: { APPdata: Buffer.from('{"tilt": 12.5, "bat_mv": 3600}').toString('base64') },
  deviceId: '1501708501',
  IMSI: '',
  IMEI: '',
}
export const CTWING_FRAME = {
  ...CTWING_VALUES,
  payload: { APPdata: 'AQFWMS4wAAAAACMAAAAH/wAlODYyNTkyMDUxNjUxNDcyAAEAMjUAODAAAAAAAAABAQAAAAEAAASD' },
  IMEI: '862592051651472',
}
export const CTWING_ONLINE = {
  timestamp: 1589444233258,
  tenantId: '10461180',
  protocol: 'lwm2m',
  productId: '10053421',
  messageType: 'deviceOnlineOfflineReport',
  iccid: 'undefined',
  eventType: 1,
  deviceId: '44d0b9e48d404094bbbcf889e4e64ece',
}

/** https://open.iot.10086.cn/doc/, HTTP push: a data point, and a list of them with one that says who is online. */
export const ONENET_POINT = {
  msg: { type: 1, dev_id: 2016617, ds_id: 'temperature', at: 1466133706841, value: 42 },
  msg_signature: 'message signature',
  nonce: 'abcdefgh',
}
export const ONENET_LIST = {
  msg: [
    {
      type: 1,
      dev_id: 2016617,
      ds_id: '3303_0_5700',
      at: 1466133706841,
      value: 42.5,
      imei: '865352030012345',
    },
    { type: 2, dev_id: 2016617, status: 0, login_type: 10, at: 1466133706841 },
  ],
  msg_signature: 'message signature',
  nonce: 'abcdefgh',
}
